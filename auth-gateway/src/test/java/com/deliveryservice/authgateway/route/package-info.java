@NullMarked
package com.deliveryservice.authgateway.route;

import org.jspecify.annotations.NullMarked;
