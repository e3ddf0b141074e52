@NullMarked
package com.deliveryservice.authgateway.identity;

import org.jspecify.annotations.NullMarked;
