/**
 * The client of workflow-auth: strict parsing, own deadline, bulkhead and breaker
 * (contract/workflow-auth.md).
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "problem" })
package com.deliveryservice.authgateway.workflowauth;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
