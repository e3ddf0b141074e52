/**
 * A long run of everything at once: good, bad, cancelled and broken exchanges over one
 * whole gateway, after which nothing may be left over. Maven profile {@code soak}.
 */
@NullMarked
package com.deliveryservice.authgateway.soak;

import org.jspecify.annotations.NullMarked;
