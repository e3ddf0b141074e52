@NullMarked
package com.deliveryservice.authgateway.api;

import org.jspecify.annotations.NullMarked;
