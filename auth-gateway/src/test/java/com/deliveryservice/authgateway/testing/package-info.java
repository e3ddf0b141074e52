/**
 * What tests share: a real PostgreSQL, and nothing that knows a feature.
 */
@NullMarked
package com.deliveryservice.authgateway.testing;

import org.jspecify.annotations.NullMarked;
