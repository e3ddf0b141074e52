/**
 * What backends ask the gateway on the internal listener: is this token good, and whose
 * is it (contract/backends.md, "Asking about a token").
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "api", "token", "session", "identity", "key", "database" })
package com.deliveryservice.authgateway.inquiry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
