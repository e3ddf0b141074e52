@NullMarked
package com.deliveryservice.authgateway.directory;

import org.jspecify.annotations.NullMarked;
