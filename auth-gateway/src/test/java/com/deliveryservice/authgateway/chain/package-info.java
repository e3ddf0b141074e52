@NullMarked
package com.deliveryservice.authgateway.chain;

import org.jspecify.annotations.NullMarked;
