package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Password resets with other settings than usual: each with a dev stack of its own.
 */
class PasswordResetLimitTests {

	@Test
	void withoutANotificationServiceItIsOff() {
		try (DevStack off = DevStack.startOnFreePorts("--auth-gateway.notifier.url=")) {
			HttpResponse<String> answer = new App(off).postJson("/auth/password-reset", "{\"login\":\"customer\"}");
			assertThat(answer.statusCode()).isEqualTo(501);
			assertThat(App.code(answer)).isEqualTo("not-configured");
		}
	}

	@Test
	void askingTooOftenIs429ForKnownAndUnknownAlike() {
		try (DevStack strict = DevStack.startOnFreePorts("--auth-gateway.protection.sign-in.address-failures=6",
				"--auth-gateway.protection.sign-in.address-failures-per-minute=1")) {
			App strictApp = new App(strict);
			for (String login : List.of("customer", "nobody")) {
				for (int i = 0; i < 3; i++) {
					assertThat(ask(strictApp, login).statusCode()).isEqualTo(202);
				}
				HttpResponse<String> refused = ask(strictApp, login);
				assertThat(refused.statusCode()).isEqualTo(429);
				assertThat(App.code(refused)).isEqualTo("too-many-requests");
				assertThat(refused.headers().firstValue("Retry-After")).isPresent();
			}
			for (int i = 0; i < 7; i++) {
				String path = "/auth/sign-up/00000000-0000-4000-8000-00000000000" + i + "/verification";
				assertThat(strictApp.postJson(path, "{\"code\":\"1\"}").statusCode()).isEqualTo(404);
			}
			HttpResponse<String> guess = strictApp.postJson("/auth/password-reset/00000000-0000-4000-8000-000000000000",
					"{\"code\":\"042137\",\"new_password\":\"" + "wrong zebra socket" + "\"}");
			assertThat(guess.statusCode()).as("codes of sign-ups and resets are one budget").isEqualTo(429);
			assertThat(App.code(guess)).isEqualTo("too-many-attempts");
		}
	}

	private static HttpResponse<String> ask(App from, String login) {
		return from.postJson("/auth/password-reset", "{\"login\":\"" + login + "\"}");
	}

}
