/**
 * Connections to backends: one bounded pool for each, one typed failure for everything
 * that can go wrong, and no answer that is not framed beyond doubt.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "route" })
package com.deliveryservice.authgateway.upstream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
