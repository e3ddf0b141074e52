/**
 * What happened to accounts, sessions and keys: recorded so that it cannot be changed
 * without being noticed. Whoever changes security state tells {@code AuditTrail}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "database", "identity", "problem" })
package com.deliveryservice.authgateway.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
