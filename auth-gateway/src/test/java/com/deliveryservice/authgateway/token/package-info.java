@NullMarked
package com.deliveryservice.authgateway.token;

import org.jspecify.annotations.NullMarked;
