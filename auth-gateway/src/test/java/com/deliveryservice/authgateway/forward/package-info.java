/**
 * The forward lane under a raw-socket driver, in front of an origin that records exact
 * bytes.
 */
@NullMarked
package com.deliveryservice.authgateway.forward;

import org.jspecify.annotations.NullMarked;
