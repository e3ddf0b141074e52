/**
 * The route table: which path goes where, and who may use it.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "identity" })
package com.deliveryservice.authgateway.route;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
