package com.deliveryservice.authgateway.staff;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;

/**
 * {@code auth.user_account} as staff reads and changes it.
 */
@Component
class ManagedUsers {

	private static final String COLUMNS = "id, login, email, phone_number, user_type, status, created_at, last_sign_in_at";

	private static final String PAGE = """
			SELECT %s FROM auth.user_account
			WHERE user_type IN (:types) AND (CAST(:status AS text) IS NULL OR status = :status)
			  AND (CAST(:login AS text) IS NULL OR login_normalized = :login)
			  AND (CAST(:createdAt AS timestamptz) IS NULL OR (created_at, id) < (:createdAt, CAST(:id AS uuid)))
			ORDER BY created_at DESC, id DESC LIMIT :size
			""".formatted(COLUMNS);

	private static final String FIND = "SELECT " + COLUMNS + " FROM auth.user_account WHERE id = :id";

	/** Whoever acts has to be what the token says at this very moment. */
	private static final String STILL = """
			SELECT id FROM auth.user_account WHERE id = :id AND user_type = :type AND status = 'active' FOR SHARE
			""";

	/** In one order, so that two who do this at once wait for each other and not both. */
	private static final String OTHER_ADMINS = """
			SELECT id FROM auth.user_account WHERE user_type = 'admin' AND status = 'active' AND id <> :id
			ORDER BY id FOR UPDATE
			""";

	private static final String SET_STATUS = """
			UPDATE auth.user_account SET status = :value WHERE id = :id AND user_type IN (:types)
			AND status <> :value RETURNING %s
			""".formatted(COLUMNS);

	private static final String SET_TYPE = """
			UPDATE auth.user_account SET user_type = :value WHERE id = :id AND user_type IN (:types)
			AND user_type <> :value RETURNING %s
			""".formatted(COLUMNS);

	private final Database database;

	ManagedUsers(Database database) {
		this.database = database;
	}

	/**
	 * A page, newest first.
	 * @param query what to find
	 * @param types the user types that may be seen, one or more
	 */
	Flux<ManagedUser> page(UserQuery query, Collection<String> types) {
		PageToken after = query.after();
		return this.database.many((client) -> client.sql(PAGE)
			.bind("types", types)
			.bind("status", nullable(query.status(), String.class))
			.bind("login", nullable(query.login(), String.class))
			.bind("createdAt", nullable((after != null) ? after.createdAt() : null, Instant.class))
			.bind("id", nullable((after != null) ? after.id() : null, UUID.class))
			.bind("size", query.size())
			.map(ManagedUsers::user)
			.all());
	}

	Mono<ManagedUser> find(UUID id) {
		return this.database.one((client) -> client.sql(FIND).bind("id", id).map(ManagedUsers::user).one());
	}

	/**
	 * Whether somebody is still active and of this type, until the transaction ends.
	 */
	Mono<Boolean> isStill(DatabaseClient client, UUID id, String userType) {
		return client.sql(STILL).bind("id", id).bind("type", userType).fetch().one().hasElement();
	}

	/**
	 * Whether there is another active admin, until the transaction ends.
	 */
	Mono<Boolean> hasOtherAdmin(DatabaseClient client, UUID id) {
		return client.sql(OTHER_ADMINS).bind("id", id).fetch().all().hasElements();
	}

	/**
	 * Changes the status; empty if it is that already.
	 */
	Mono<ManagedUser> setStatus(DatabaseClient client, UUID id, String status, Set<String> types) {
		return set(client, SET_STATUS, id, status, types);
	}

	/**
	 * Changes the user type; empty if it is that already.
	 */
	Mono<ManagedUser> setType(DatabaseClient client, UUID id, String userType, Set<String> types) {
		return set(client, SET_TYPE, id, userType, types);
	}

	private static Mono<ManagedUser> set(DatabaseClient client, String sql, UUID id, String value, Set<String> types) {
		return client.sql(sql).bind("id", id).bind("value", value).bind("types", types).map(ManagedUsers::user).one();
	}

	private static <T> Object nullable(@Nullable T value, Class<T> type) {
		return (value != null) ? Parameters.in(value) : Parameters.in(type);
	}

	private static ManagedUser user(Readable row) {
		return new ManagedUser(column(row, "id", UUID.class), column(row, "login", String.class),
				row.get("email", String.class), row.get("phone_number", String.class),
				column(row, "user_type", String.class), column(row, "status", String.class),
				column(row, "created_at", Instant.class), row.get("last_sign_in_at", Instant.class));
	}

	static <T> T column(Readable row, String name, Class<T> type) {
		return Objects.requireNonNull(row.get(name, type), name);
	}

	/**
	 * What to find.
	 *
	 * @param status only these, or {@code null}
	 * @param login only this one, normalised, or {@code null}
	 * @param after where the page before ended, or {@code null}
	 * @param size at most so many, 1 to 101
	 */
	record UserQuery(@Nullable String status, @Nullable String login, @Nullable PageToken after, int size) {

	}

}
