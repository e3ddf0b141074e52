/**
 * The API lane: sign-up, sign-in, password reset, tokens, sessions, discovery.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "workflowauth", "directory", "session", "token", "key", "identity",
		"protection", "problem", "database", "api", "audit", "notifier" })
package com.deliveryservice.authgateway.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
