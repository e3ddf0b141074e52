package com.deliveryservice.authgateway.session;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * Sessions on a database of their own, and what they told the registry.
 */
final class SessionsFixture {

	static final Duration WAIT = Duration.ofSeconds(10);

	static final String ENCRYPTION_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	static final Function<DatabaseClient, Mono<Boolean>> ALWAYS = (client) -> Mono.just(true);

	final TestDatabase rows;

	final Sessions sessions;

	final Database database;

	final Set<UUID> ended = ConcurrentHashMap.newKeySet();

	SessionsFixture() {
		this(MigratedDatabase.create().raw(), ENCRYPTION_KEY, null);
	}

	SessionsFixture(TestDatabase rows, String encryptionKey, @Nullable String previousKey) {
		this(rows, MigratedDatabase.over(rows).database(), encryptionKey, previousKey);
	}

	SessionsFixture(TestDatabase rows, Database database, String encryptionKey, @Nullable String previousKey) {
		this.rows = rows;
		this.database = database;
		RefreshTokens tokens = new RefreshTokens(
				new DerivedKeys(new KeySettings(encryptionKey, previousKey, Duration.ofDays(30), Duration.ofDays(1))),
				new Randomness());
		EndedSessions registry = new Registry();
		SessionSettings settings = new SessionSettings(Duration.ofMinutes(10), Duration.ofHours(4), 30);
		SessionAudit audit = new SessionAudit(AuditFixture.trailOver(rows, database));
		Refreshing refreshing = new Refreshing(database, new RefreshStore(audit), tokens, settings, registry);
		UserTypes types = new UserTypes(new UserTypesSettings(Map.of()));
		this.sessions = new StoredSessions(database, new SessionStore(audit), refreshing, tokens, types, registry);
	}

	OpenSession open(UUID userId) {
		return open(userId, "courier");
	}

	OpenSession open(UUID userId, String userType) {
		return this.sessions.open(newSession(userId, userType), ALWAYS).blockOptional(WAIT).orElseThrow();
	}

	static NewSession newSession(UUID userId, String userType) {
		return new NewSession(userId, userType, "Pixel 9", "192.0.2.7", UUID.randomUUID(),
				Instant.now().plusSeconds(18_000));
	}

	/** Runs SQL with the session's id in it. */
	void execute(String sql, OpenSession session) {
		this.rows.execute(sql.formatted(session.session().id()));
	}

	/** The first column, as text. */
	List<String> column(String sql, OpenSession session) {
		return column(sql.formatted(session.session().id()));
	}

	List<String> column(String sql) {
		try (Connection connection = this.rows.open();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (result.next()) {
				values.add(result.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/** A token's bytes as a table would show them. */
	static String hexOf(RefreshToken token) {
		return HexFormat.of().formatHex(Base64.getUrlDecoder().decode(token.value()));
	}

	/** Everything in the schema, as text and as the text of its bytes. */
	String dump() {
		StringBuilder dump = new StringBuilder();
		for (String table : List.of("session", "refresh_token", "session_event")) {
			column("SELECT t::text FROM auth." + table + " t").forEach((row) -> dump.append(row).append('\n'));
		}
		column("SELECT encode(digest, 'escape') || encode(coalesce(nonce, ''), 'escape') FROM auth.refresh_token")
			.forEach((row) -> dump.append(row).append('\n'));
		return dump.toString();
	}

	private final class Registry implements EndedSessions {

		@Override
		public boolean contains(UUID sessionId) {
			return SessionsFixture.this.ended.contains(sessionId);
		}

		@Override
		public void add(UUID sessionId) {
			SessionsFixture.this.ended.add(sessionId);
		}

		@Override
		public boolean isStale() {
			return false;
		}

	}

}
