/**
 * Tests of this module.
 */
@NullMarked
package com.deliveryservice.authgateway.password;

import org.jspecify.annotations.NullMarked;
