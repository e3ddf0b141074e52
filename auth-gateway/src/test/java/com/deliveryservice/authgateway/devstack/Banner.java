package com.deliveryservice.authgateway.devstack;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is printed once everything is ready: where things are, and lines for a POSIX shell
 * with nothing but curl and sed.
 */
final class Banner {

	private final DevStack stack;

	Banner(DevStack stack) {
		this.stack = stack;
	}

	String text() {
		String backends = this.stack.backends()
			.stream()
			.map((backend) -> "  %-9s %s  (%s/api/%s/)%n".formatted(backend.name(), backend.baseUrl(),
					this.stack.edgeUrl(), backend.name()))
			.collect(Collectors.joining());
		return """

				================================================================================
				auth-gateway, dev stack: everything is ready. Ctrl-C ends it.

				gateway     %s
				internal    %s  (/Auth, /oauth2/introspect, /actuator)
				              HTTP Basic: %s
				workflow-auth stand-in  %s  (/outbox, /misbehave)
				notification stand-in   %s  (/outbox)
				PostgreSQL  %s  (user %s, password %s)
				demo backends
				%s
				users       %s
				password    %s

				To try it, paste these lines into another terminal:

				%s
				================================================================================
				""".formatted(this.stack.edgeUrl(), this.stack.internalUrl(), clients(), this.stack.standIn().baseUrl(),
				this.stack.notifier().baseUrl(), this.stack.database().jdbcUrl(), this.stack.database().username(),
				this.stack.database().password(), backends, String.join(", ", DemoUsers.LOGINS), DemoUsers.PASSWORD,
				commands());
	}

	/**
	 * Sign-up, reading the code, verification, sign-in, forwarded calls, sign-out, reset.
	 */
	String commands() {
		return """
				# sign up; the code goes into the stand-in's outbox
				SIGN_UP=$(curl -s EDGE/auth/sign-up -H 'Content-Type: application/json' -d '{"login":"bert","email":"bert@example.org","password":"correct horse battery"}' | sed 's/.*"sign_up_id":"\\([^"]*\\)".*/\\1/')
				CODE=$(curl -s 'WORKFLOW_AUTH/outbox?to=bert@example.org' | sed 's/^[^}]*"code":"\\([0-9]*\\)".*/\\1/')
				curl -i EDGE/auth/sign-up/$SIGN_UP/verification -H 'Content-Type: application/json' -d "{\\"code\\":\\"$CODE\\"}"

				# sign in
				TOKEN=$(curl -s EDGE/auth/sign-in -H 'Content-Type: application/json' -d '{"login":"bert","password":"correct horse battery"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
				curl -i EDGE/auth/me -H "Authorization: Bearer $TOKEN"

				# forwarded: 200 from the customer backend; 403: bert is no manager
				curl -i 'EDGE/api/customer/orders?page=1' -H "Authorization: Bearer $TOKEN"
				curl -i EDGE/api/manager/reports -H "Authorization: Bearer $TOKEN"

				# sign out; the token ends with the session: 401
				curl -i -X POST EDGE/auth/sign-out -H "Authorization: Bearer $TOKEN"
				curl -i EDGE/api/customer/orders -H "Authorization: Bearer $TOKEN"

				# forgotten? the code of a reset goes to the notification service; the stand-in keeps it in its outbox
				RESET=$(curl -s EDGE/auth/password-reset -H 'Content-Type: application/json' -d '{"login":"bert"}' | sed 's/.*"reset_id":"\\([^"]*\\)".*/\\1/')
				CODE=$(curl -s 'NOTIFIER/outbox?to=bert@example.org&wait=5' | sed 's/^[^}]*"code":"\\([0-9]*\\)".*/\\1/')
				curl -i EDGE/auth/password-reset/$RESET -H 'Content-Type: application/json' -d "{\\"code\\":\\"$CODE\\",\\"new_password\\":\\"wrong zebra socket\\"}"
				"""
			.replace("EDGE", this.stack.edgeUrl())
			.replace("NOTIFIER", this.stack.notifier().baseUrl())
			.replace("WORKFLOW_AUTH", this.stack.standIn().baseUrl());
	}

	private static String clients() {
		return List
			.of(GatewayProperties.DIRECTORY_CLIENT + ":" + GatewayProperties.DIRECTORY_SECRET,
					GatewayProperties.INTROSPECT_CLIENT + ":" + GatewayProperties.INTROSPECT_SECRET,
					GatewayProperties.OPERATE_CLIENT + ":" + GatewayProperties.OPERATE_SECRET)
			.stream()
			.collect(Collectors.joining(", "));
	}

}
