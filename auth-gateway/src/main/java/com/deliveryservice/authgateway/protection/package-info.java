/**
 * Sign-in throttle and limits: decides, and maps to no HTTP.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "database", "key", "audit" })
package com.deliveryservice.authgateway.protection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
