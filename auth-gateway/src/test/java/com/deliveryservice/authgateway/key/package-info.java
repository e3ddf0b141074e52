@NullMarked
package com.deliveryservice.authgateway.key;

import org.jspecify.annotations.NullMarked;
