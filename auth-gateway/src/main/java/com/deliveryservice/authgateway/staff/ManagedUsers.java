package com.deliveryservice.authgateway.staff;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.ProblemException;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * {@code auth.user_account} as staff reads and changes it.
 */
@Component
class ManagedUsers {

	private static final String COLUMNS = "id, login, email, phone_number, user_type, status, created_at, last_sign_in_at";

	private static final String PAGE = "SELECT " + COLUMNS + " FROM auth.user_account WHERE ";

	private static final String IN_ORDER = " ORDER BY created_at DESC, id DESC LIMIT :size";

	private static final String FIND = "SELECT " + COLUMNS + " FROM auth.user_account WHERE id = :id";

	private static final String STILL = """
			SELECT id FROM auth.user_account WHERE id = :id AND user_type = :type AND status = 'active' FOR SHARE
			""";

	private static final String STILL_ALONE = """
			SELECT id FROM auth.user_account WHERE id = :id AND user_type = :type AND status = 'active'
			FOR NO KEY UPDATE
			""";

	/**
	 * In one order, so that two who act on each other wait for each other and not both.
	 */
	private static final String LOCK = """
			SELECT id, user_type, status FROM auth.user_account WHERE %s ORDER BY id FOR UPDATE
			""";

	private static final String LOCK_BOTH = LOCK.formatted("id IN (:actor, :target)");

	/** The admins as well: one has to stay. */
	private static final String LOCK_ADMINS = LOCK
		.formatted("id IN (:actor, :target) OR (user_type = 'admin' AND status = 'active')");

	private static final String SET_STATUS = """
			UPDATE auth.user_account SET status = :value, credentials_version = credentials_version + 1
			WHERE id = :id AND user_type IN (:types)
			AND status <> :value RETURNING %s
			""".formatted(COLUMNS);

	private static final String SET_TYPE = """
			UPDATE auth.user_account SET user_type = :value, credentials_version = credentials_version + 1
			WHERE id = :id AND user_type IN (:types)
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
		return this.database.many((client) -> {
			DatabaseClient.GenericExecuteSpec page = client.sql(statement(query, types.size()))
				.bind("size", query.size());
			page = (types.size() == 1) ? page.bind("type", types.iterator().next()) : page.bind("types", types);
			PageToken after = query.after();
			if (after != null) {
				page = page.bind("createdAt", after.createdAt()).bind("id", after.id());
			}
			String login = query.login();
			return ((login != null) ? page.bind("login", login) : page).map(ManagedUsers::user).all();
		});
	}

	/**
	 * Only what is asked for is in the statement: one plan for everything would read
	 * everybody.
	 */
	static String statement(UserQuery query, int types) {
		StringBuilder sql = new StringBuilder(PAGE)
			.append((types == 1) ? "user_type = :type" : "user_type IN (:types)");
		if (query.status() != null) {
			sql.append(
					query.status().equals(ManagedUser.ACTIVE) ? " AND status = 'active'" : " AND status = 'suspended'");
		}
		if (query.login() != null) {
			sql.append(" AND login_normalized = :login");
		}
		if (query.after() != null) {
			sql.append(" AND (created_at, id) < (:createdAt, :id)");
		}
		return sql.append(IN_ORDER).toString();
	}

	Mono<ManagedUser> find(UUID id) {
		return this.database.one((client) -> client.sql(FIND).bind("id", id).map(ManagedUsers::user).one());
	}

	/**
	 * Locks whoever acts and whoever it happens to until the transaction ends, and every
	 * active admin if it happens to one.
	 */
	Mono<Locked> lock(DatabaseClient client, UUID actor, ManagedUser target) {
		return client.sql(target.userType().equals(ManagedUser.ADMIN) ? LOCK_ADMINS : LOCK_BOTH)
			.bind("actor", actor)
			.bind("target", target.id())
			.map((row) -> new LockedUser(column(row, "id", UUID.class), column(row, "user_type", String.class),
					column(row, "status", String.class)))
			.all()
			.collectList()
			.map(Locked::new);
	}

	/**
	 * Whether the caller is still active and of the type that the token says; holds until
	 * the transaction ends.
	 * @return completes, or fails with 403 {@code not-allowed}
	 */
	Mono<Void> require(DatabaseClient client, Caller caller) {
		return require(client, STILL, caller);
	}

	/**
	 * The same, for one transaction of the caller at a time: the next one sees what this
	 * one did.
	 */
	Mono<Void> requireAlone(DatabaseClient client, Caller caller) {
		return require(client, STILL_ALONE, caller);
	}

	private static Mono<Void> require(DatabaseClient client, String sql, Caller caller) {
		return client.sql(sql)
			.bind("id", caller.userId())
			.bind("type", caller.userType())
			.fetch()
			.one()
			.switchIfEmpty(Mono.error(() -> StaffAccess.notAllowed("The caller may not do this any more.")))
			.then();
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

	/**
	 * Users that nobody else changes now.
	 *
	 * @param users as they are
	 */
	record Locked(List<LockedUser> users) {

		/**
		 * Makes sure that the caller is still active and of the type that the token says,
		 * and the target what it was when it was looked at.
		 * @throws ProblemException 403 {@code not-allowed}
		 */
		void require(Caller caller, ManagedUser target) {
			if (this.users.stream()
				.noneMatch((user) -> user.id().equals(caller.userId()) && user.isActive(caller.userType()))) {
				throw StaffAccess.notAllowed("The caller may not do this any more.");
			}
			if (this.users.stream()
				.noneMatch((user) -> user.id().equals(target.id()) && user.userType().equals(target.userType()))) {
				throw StaffAccess.notAllowed("Somebody else changes this user at the same time.");
			}
		}

		/**
		 * Whether an active admin is among them besides this one.
		 */
		boolean hasAdminBesides(UUID id) {
			return this.users.stream().anyMatch((user) -> !user.id().equals(id) && user.isActive(ManagedUser.ADMIN));
		}

	}

	record LockedUser(UUID id, String userType, String status) {

		boolean isActive(String type) {
			return this.userType.equals(type) && this.status.equals(ManagedUser.ACTIVE);
		}

	}

}
