package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.database.MigratedDatabase;

/**
 * Two replicas' throttles over one PostgreSQL. Time is moved by moving what is stored.
 */
final class ThrottleUnderTest implements AutoCloseable {

	static final Duration SOON = Duration.ofSeconds(5);

	private static final Duration START = Duration.ofSeconds(20);

	private final MigratedDatabase first = MigratedDatabase.create();

	private final MigratedDatabase second = MigratedDatabase.over(this.first.raw());

	final SignInThrottle a;

	final SignInThrottle b;

	/**
	 * The first connection of a JVM takes longer than a sign-in may wait: they are opened
	 * before.
	 */
	ThrottleUnderTest(ProtectionSettings settings) {
		for (MigratedDatabase database : List.of(this.first, this.second)) {
			database.pool().warmup().block(START);
			database.database().one((client) -> client.sql("SELECT 1").fetch().rowsUpdated()).block(START);
		}
		this.a = ProtectionFixture.throttle(this.first.database(), settings);
		this.b = ProtectionFixture.throttle(this.second.database(), settings);
	}

	MigratedDatabase database() {
		return this.first;
	}

	MigratedDatabase other() {
		return this.second;
	}

	void forgetEverything() {
		execute("TRUNCATE auth.throttle, auth.throttle_spray, auth.sign_in_under_way, auth.sign_up_count");
	}

	void waitIsOver() {
		execute("UPDATE auth.throttle SET blocked_until = '-infinity'");
	}

	void execute(String sql) {
		this.first.raw().execute(sql);
	}

	@Nullable Duration check(SignInAttempt attempt) {
		return this.a.check(attempt).block(SOON);
	}

	@Nullable Duration fail(SignInAttempt attempt) {
		return this.a.failed(attempt).block(SOON);
	}

	@Nullable Duration succeed(SignInAttempt attempt) {
		return this.a.succeeded(attempt).block(SOON);
	}

	/** Fails so many times, and waits between. */
	void failTimes(SignInAttempt attempt, int times) {
		for (int failure = 1; failure <= times; failure++) {
			fail(attempt);
			if (failure < times) {
				waitIsOver();
			}
		}
	}

	static SignInAttempt attempt(String login, @Nullable String address) {
		return attempt(login, address, null);
	}

	static SignInAttempt attempt(String login, @Nullable String address, @Nullable String deviceToken) {
		try {
			return new SignInAttempt(login, (address != null) ? InetAddress.getByName(address) : null, deviceToken);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	long count(String sql) {
		return Long.parseLong(column(sql).get(0));
	}

	/** The first column of each row. */
	List<String> column(String sql) {
		try (Connection connection = this.first.raw().open();
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

	@Override
	public void close() {
		this.first.close();
		this.second.close();
	}

}
