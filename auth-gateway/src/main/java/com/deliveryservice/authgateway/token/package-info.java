/**
 * Access tokens and assertions: minted, and verified into a caller.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "key", "identity", "session", "problem" })
package com.deliveryservice.authgateway.token;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
