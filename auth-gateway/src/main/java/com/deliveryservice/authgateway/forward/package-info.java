/**
 * The forward lane: guard, edge handler, upstream request, streaming.
 */
@NullMarked
@ApplicationModule(
		allowedDependencies = { "route", "token", "identity", "protection", "problem", "session", "upstream" })
package com.deliveryservice.authgateway.forward;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
