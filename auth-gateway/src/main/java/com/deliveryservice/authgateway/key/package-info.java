/**
 * Signing keys: kept encrypted in the database, published as a JWK set; and the secrets
 * that are derived from the encryption key.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "database", "problem", "audit" })
package com.deliveryservice.authgateway.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
