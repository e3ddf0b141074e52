@NullMarked
package com.deliveryservice.authgateway.workflowauth;

import org.jspecify.annotations.NullMarked;
