/**
 * What the shipped jar does beside serving: {@code java -jar auth-gateway.jar <command>}
 * runs one command with the configuration of the server, without its listeners and jobs,
 * and ends. A command is a class with {@link CommandDescription} in any package.
 */
@NullMarked
@ApplicationModule(allowedDependencies = { "database" })
package com.deliveryservice.authgateway.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
