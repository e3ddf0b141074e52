package com.deliveryservice.authgateway.devstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.springframework.context.ApplicationContext;

import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * The users that exist from the start, put directly into the database: their password
 * passes no rule.
 */
final class DemoUsers {

	/** Login and user type in one. */
	static final List<String> LOGINS = List.of("customer", "kitchen", "courier", "manager", "admin");

	static final String PASSWORD = "delivery-demo-1";

	private static final Duration READY_WITHIN = Duration.ofSeconds(55);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private static final String INSERT = """
			INSERT INTO auth.user_account (login, login_normalized, email, verified_contact_kind, verified_contact,
			user_type, password_hash) VALUES (?, ?, ?, 'email', ?, ?, ?) ON CONFLICT DO NOTHING""";

	private DemoUsers() {
	}

	/**
	 * Waits until the gateway is ready, so that the tables are there, and creates them.
	 */
	static void create(ApplicationContext gateway, TestDatabase database, String internalUrl) {
		awaitReady(URI.create(internalUrl + "/actuator/health/readiness"));
		PasswordHashing hashing = gateway.getBean(PasswordHashing.class);
		try (Connection connection = database.open(); PreparedStatement insert = connection.prepareStatement(INSERT)) {
			for (String login : LOGINS) {
				String email = login + "@example.org";
				String hash = hashing.hash(PASSWORD).block(READY_WITHIN);
				List<String> values = List.of(login, login, email, email, login, Objects.requireNonNull(hash));
				for (int index = 0; index < values.size(); index++) {
					insert.setString(index + 1, values.get(index));
				}
				insert.executeUpdate();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("the demo users cannot be created", ex);
		}
	}

	private static void awaitReady(URI readiness) {
		HttpClient http = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(readiness).timeout(Duration.ofSeconds(5)).build();
		long deadline = System.nanoTime() + READY_WITHIN.toNanos();
		while (System.nanoTime() < deadline) {
			try {
				if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
					return;
				}
				Thread.sleep(PAUSE.toMillis());
			}
			catch (IOException ex) {
				// it closes connections while it starts: asked again until the deadline
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				break;
			}
		}
		throw new IllegalStateException("the gateway did not become ready");
	}

}
