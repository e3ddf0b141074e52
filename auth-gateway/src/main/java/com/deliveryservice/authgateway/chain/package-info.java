/**
 * The chain over the audit trail: each event gets a number and a mac over everything
 * before it, under a key that is not in the database, so that whoever changes, removes or
 * adds a row shows. One replica appends, off every request path; retention cuts behind
 * signed checkpoints; {@code audit-verify} checks all of it. ADR 0010 says what it proves
 * and what not.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "audit", "key", "database", "command" })
package com.deliveryservice.authgateway.chain;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
