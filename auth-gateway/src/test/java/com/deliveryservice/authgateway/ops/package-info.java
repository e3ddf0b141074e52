@NullMarked
package com.deliveryservice.authgateway.ops;

import org.jspecify.annotations.NullMarked;
