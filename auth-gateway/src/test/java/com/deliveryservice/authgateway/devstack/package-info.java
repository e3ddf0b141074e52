/**
 * The dev stack: everything around the gateway, in one JVM, and no part of the shipped
 * jar (contract/configuration.md). Tests use its parts too: the stand-in of workflow-auth
 * and the demo backends.
 */
@NullMarked
package com.deliveryservice.authgateway.devstack;

import org.jspecify.annotations.NullMarked;
