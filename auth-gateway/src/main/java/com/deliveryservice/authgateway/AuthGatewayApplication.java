package com.deliveryservice.authgateway;

import java.time.Clock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.modulith.Modulithic;

import com.deliveryservice.authgateway.command.CommandLine;

/**
 * Starts the gateway. The packages below this one are its modules; {@code package-info}
 * is the map.
 */
@Modulithic(systemName = "auth-gateway")
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class AuthGatewayApplication {

	/**
	 * This process's clock, for what the database's clock does not decide.
	 */
	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/**
	 * Serves, or runs the command that the first word names.
	 */
	public static void main(String[] args) {
		if (CommandLine.isAsked(args)) {
			System.exit(CommandLine.run(AuthGatewayApplication.class, args));
		}
		SpringApplication.run(AuthGatewayApplication.class, args);
	}

}
