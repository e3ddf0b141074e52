/**
 * Tells people something through the company's notification service: promised in the
 * transaction of whoever promises it, delivered soon, and tried again until it is of no
 * use any more (ADR 10).
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "database", "key" })
package com.deliveryservice.authgateway.notifier;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
