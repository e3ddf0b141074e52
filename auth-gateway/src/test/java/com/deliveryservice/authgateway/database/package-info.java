@NullMarked
package com.deliveryservice.authgateway.database;

import org.jspecify.annotations.NullMarked;
