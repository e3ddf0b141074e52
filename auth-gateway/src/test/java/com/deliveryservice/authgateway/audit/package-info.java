@NullMarked
package com.deliveryservice.authgateway.audit;

import org.jspecify.annotations.NullMarked;
