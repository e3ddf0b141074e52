@NullMarked
package com.deliveryservice.authgateway.importing;

import org.jspecify.annotations.NullMarked;
