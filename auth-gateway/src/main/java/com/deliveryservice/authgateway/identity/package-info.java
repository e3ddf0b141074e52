/**
 * Who calls: the caller, the user types, identity headers, and which address a request
 * really comes from.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem" })
package com.deliveryservice.authgateway.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
