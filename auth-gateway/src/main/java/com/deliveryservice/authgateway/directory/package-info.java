/**
 * The company's auth backend: users, pending sign-ups, password hashing, and the
 * callbacks of workflow-auth.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "session", "database", "identity", "key", "problem", "audit", "password",
		"protection" })
package com.deliveryservice.authgateway.directory;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
