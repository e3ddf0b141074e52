/**
 * The one way to PostgreSQL: migration at start-up, transactions, and the translation of
 * its failures.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem" })
package com.deliveryservice.authgateway.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
