@NullMarked
package com.deliveryservice.authgateway.revocation;

import org.jspecify.annotations.NullMarked;
