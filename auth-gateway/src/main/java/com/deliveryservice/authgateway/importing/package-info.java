/**
 * Takes over the users of another system from a file, with their password hashes.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "command", "database", "directory", "password", "identity", "audit", "key" })
package com.deliveryservice.authgateway.importing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
