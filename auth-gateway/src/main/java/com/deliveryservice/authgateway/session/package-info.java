/**
 * Sessions and refresh tokens: opened, listed, renewed and ended, on the database's
 * clock.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "database", "identity", "key", "problem", "audit" })
package com.deliveryservice.authgateway.session;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
