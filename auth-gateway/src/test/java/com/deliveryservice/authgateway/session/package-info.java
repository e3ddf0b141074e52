@NullMarked
package com.deliveryservice.authgateway.session;

import org.jspecify.annotations.NullMarked;
