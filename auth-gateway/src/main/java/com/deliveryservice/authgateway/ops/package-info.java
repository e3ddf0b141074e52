/**
 * What operators see: readiness, meters, the internal listener, the check of the
 * configuration at start-up.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem", "database", "key", "revocation", "session", "token", "route",
		"identity", "forward", "workflowauth", "directory", "account", "protection", "audit" })
package com.deliveryservice.authgateway.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
