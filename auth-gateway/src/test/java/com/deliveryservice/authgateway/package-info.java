@NullMarked
package com.deliveryservice.authgateway;

import org.jspecify.annotations.NullMarked;
