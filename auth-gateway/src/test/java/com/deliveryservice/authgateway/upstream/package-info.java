@NullMarked
package com.deliveryservice.authgateway.upstream;

import org.jspecify.annotations.NullMarked;
