/**
 * Password hashes as values: how each is computed, how it is written, what of other
 * systems can be read, and the pepper.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package com.deliveryservice.authgateway.password;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
