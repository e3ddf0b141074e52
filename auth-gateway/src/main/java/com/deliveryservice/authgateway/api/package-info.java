/**
 * What holds for every request of the API lane, whoever serves it: who may call, how
 * large a body is, what counts as JSON. The features add endpoints, not rules.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "token", "identity", "problem" })
package com.deliveryservice.authgateway.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
