/**
 * What staff does with other people's accounts: invitations, the list of users,
 * suspending, changing the type, ending sessions. Who manages whom is data.
 */
@NullMarked
@ApplicationModule(
		allowedDependencies = { "directory", "session", "identity", "key", "database", "problem", "audit", "command" })
package com.deliveryservice.authgateway.staff;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
