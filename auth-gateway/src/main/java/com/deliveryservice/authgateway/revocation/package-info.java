/**
 * Tells every replica which sessions have ended, within a second.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "session", "key", "database" })
package com.deliveryservice.authgateway.revocation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
