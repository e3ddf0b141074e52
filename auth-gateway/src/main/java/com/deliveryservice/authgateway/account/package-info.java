/**
 * The API lane: sign-up, sign-in, tokens, sessions, discovery.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "workflowauth", "directory", "session", "token", "key", "identity",
		"protection", "problem", "database", "api", "audit" })
package com.deliveryservice.authgateway.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
