@NullMarked
package com.deliveryservice.authgateway.account;

import org.jspecify.annotations.NullMarked;
