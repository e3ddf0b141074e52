/**
 * Problem codes and the one mapping of failures to {@code application/problem+json} (RFC
 * 9457; contract/client-api.md).
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package com.deliveryservice.authgateway.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
