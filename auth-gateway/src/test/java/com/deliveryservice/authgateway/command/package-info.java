@NullMarked
package com.deliveryservice.authgateway.command;

import org.jspecify.annotations.NullMarked;
