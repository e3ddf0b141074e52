@NullMarked
package com.deliveryservice.authgateway.staff;

import org.jspecify.annotations.NullMarked;
