package com.deliveryservice.authgateway.devstack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Staff at work, as far as tests play it, and people of every type to work on.
 */
final class Staff {

	private static final String INSERT = """
			INSERT INTO auth.user_account (login, login_normalized, email, verified_contact_kind, verified_contact,
			user_type, password_hash, created_at)
			SELECT '%1$s', '%1$s', '%1$s@example.org', 'email', '%1$s@example.org', '%2$s', password_hash,
			now() - interval '1 day' FROM auth.user_account WHERE login = 'customer' RETURNING id""";

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(App.PATIENCE)
		.build();

	private final DevStack stack;

	private final App app;

	Staff(DevStack stack) {
		this.stack = stack;
		this.app = new App(stack);
	}

	/**
	 * Somebody new, with the password of the dev stack's users.
	 * @return the id
	 */
	String hire(String login, String userType) {
		return column(INSERT.formatted(login, userType)).get(0);
	}

	String tokenOf(String login) {
		return this.app.tokenOf(login);
	}

	CompletableFuture<HttpResponse<String>> calling(String token, String method, String path, @Nullable String body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.stack.edgeUrl() + path))
			.timeout(App.PATIENCE)
			.header("Authorization", "Bearer " + token)
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
		return this.http.sendAsync(
				((body != null) ? request.header("Content-Type", "application/json") : request).build(),
				BodyHandlers.ofString());
	}

	HttpResponse<String> call(String token, String method, String path, @Nullable String body) {
		return App.answerOf(calling(token, method, path, body));
	}

	void execute(String sql) {
		this.stack.database().execute(sql);
	}

	/** The first column of each row. */
	List<String> column(String sql) {
		try (Connection connection = this.stack.database().open();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (rows.next()) {
				values.add(rows.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
