@NullMarked
package com.deliveryservice.authgateway.notifier;

import org.jspecify.annotations.NullMarked;
