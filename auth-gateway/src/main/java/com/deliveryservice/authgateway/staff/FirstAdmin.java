package com.deliveryservice.authgateway.staff;

import java.time.Duration;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.Randomness;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * As long as there never was an admin, a start logs an invitation for one: the newest
 * alone is good, once and for an hour; of replicas that start together one logs it. A
 * lifecycle bean: it subscribes.
 */
@Component
class FirstAdmin implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(FirstAdmin.class);

	private static final Duration LIFE = Duration.ofHours(1);

	private static final Duration RETRY = Duration.ofSeconds(2);

	/** "auth.adm" */
	private static final long LOCK = 0x617574682e61646dL;

	private static final int SECRET_BYTES = 32;

	/** Nobody is or was one, and no other replica has just said so. */
	private static final String WANTED = """
			SELECT 1 AS wanted
			WHERE NOT EXISTS (SELECT 1 FROM auth.user_account WHERE user_type = 'admin')
			AND NOT EXISTS (SELECT 1 FROM auth.invitation WHERE user_type = 'admin' AND (used_at IS NOT NULL
			    OR (inviter_id IS NULL AND created_at > now() - interval '30 seconds')))
			""";

	private static final String REVOKE_OLDER = """
			UPDATE auth.invitation SET revoked_at = now()
			WHERE user_type = 'admin' AND inviter_id IS NULL AND used_at IS NULL AND revoked_at IS NULL
			""";

	private final Database database;

	private final StoredInvitations invitations;

	private final Randomness randomness;

	private volatile @Nullable Disposable running;

	FirstAdmin(Database database, StoredInvitations invitations, Randomness randomness) {
		this.database = database;
		this.invitations = invitations;
		this.randomness = randomness;
	}

	@Override
	public void start() {
		this.running = this.database.ready()
			.then(invite())
			.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, RETRY))
			.subscribe((secret) -> logger.info("admin invitation: {}", secret),
					(failure) -> logger.error("No admin could be invited", failure));
	}

	@Override
	public void stop() {
		Disposable inviting = this.running;
		if (inviting != null) {
			inviting.dispose();
		}
		this.running = null;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

	/**
	 * A new invitation; empty if there is or was an admin.
	 */
	Mono<String> invite() {
		return Mono.defer(() -> {
			String secret = Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString(this.randomness.nextBytes(SECRET_BYTES));
			return this.database.inTransaction((client) -> lock(client).then(wanted(client))
				.flatMap((wanted) -> client.sql(REVOKE_OLDER).fetch().rowsUpdated())
				.flatMap((revoked) -> this.invitations.insert(client, secret, ManagedUser.ADMIN, null, null, LIFE))
				.map((open) -> secret));
		});
	}

	private static Mono<Long> lock(DatabaseClient client) {
		return client.sql("SELECT pg_advisory_xact_lock(:lock)::text").bind("lock", LOCK).fetch().rowsUpdated();
	}

	private static Mono<Integer> wanted(DatabaseClient client) {
		return client.sql(WANTED).map((row) -> ManagedUsers.column(row, "wanted", Integer.class)).one();
	}

}
