@NullMarked
package com.deliveryservice.authgateway.problem;

import org.jspecify.annotations.NullMarked;
