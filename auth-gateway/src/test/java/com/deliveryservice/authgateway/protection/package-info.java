@NullMarked
package com.deliveryservice.authgateway.protection;

import org.jspecify.annotations.NullMarked;
