package com.deliveryservice.authgateway.protection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * How often something was asked for within an hour or a day, counted in the database, so
 * that replicas do not multiply a limit; while it is away nobody is admitted. A bucket is
 * a keyed hash: the table names nobody.
 */
@Component
public class WindowCounts {

	static final int HOUR = 3600;

	static final int DAY = 24 * HOUR;

	/** No row comes back if the limit is reached. */
	private static final String COUNT = """
			INSERT INTO auth.sign_up_count AS c (bucket, period, started_at, used)
			VALUES (:bucket, :period, now(), 1)
			ON CONFLICT (bucket, period) DO UPDATE SET
			  used = CASE WHEN c.started_at + make_interval(secs => c.period) <= now() THEN 1 ELSE c.used + 1 END,
			  started_at = CASE WHEN c.started_at + make_interval(secs => c.period) <= now() THEN now()
			    ELSE c.started_at END
			WHERE c.used < :limit OR c.started_at + make_interval(secs => c.period) <= now()
			RETURNING used
			""";

	private static final String WAIT = """
			SELECT extract(epoch FROM started_at + make_interval(secs => period) - now())::float8 AS wait
			FROM auth.sign_up_count WHERE bucket = :bucket AND period = :period
			""";

	private static final String GIVE_BACK = """
			UPDATE auth.sign_up_count SET used = used - 1 WHERE bucket = :bucket AND used > 0
			""";

	private static final String FORGET = """
			DELETE FROM auth.sign_up_count WHERE (bucket, period) IN (
			  SELECT bucket, period FROM auth.sign_up_count WHERE started_at < now() - interval '1 day'
			  ORDER BY started_at LIMIT :most FOR UPDATE SKIP LOCKED)
			""";

	private static final int BATCH = 5000;

	private final Database database;

	private final KeyedHash hash;

	public WindowCounts(Database database, DerivedKeys keys) {
		this.database = database;
		byte[] key = keys.find(keys.currentId(), "sign-up limits");
		if (key == null) {
			throw new IllegalStateException("no key");
		}
		this.hash = new KeyedHash(key);
	}

	/**
	 * Deletes what counts no more, in batches.
	 */
	public Mono<Void> forget() {
		return this.database.one((client) -> client.sql(FORGET).bind("most", BATCH).fetch().rowsUpdated())
			.repeat()
			.takeUntil((deleted) -> deleted < BATCH)
			.then();
	}

	/**
	 * Counts one more if there is room within every limit, and else nothing.
	 * @return empty if it is admitted; else how long to wait
	 */
	Mono<Duration> admit(List<Limit> limits) {
		return this.database
			.inTransaction((client) -> Flux.fromIterable(limits)
				.concatMap((limit) -> count(client, limit))
				.then(Mono.<Duration>empty()))
			.onErrorResume(LimitReachedException.class, (reached) -> Mono.just(reached.wait));
	}

	/**
	 * It did not happen after all.
	 */
	Mono<Void> giveBack(byte[] bucket) {
		return this.database.one((client) -> client.sql(GIVE_BACK).bind("bucket", bucket).then());
	}

	/**
	 * The bucket of a text.
	 * @param kind fixed words, of their own for each use
	 */
	byte[] bucket(String kind, String value) {
		return this.hash.of(kind.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The bucket of a client's network: an IPv4 address, an IPv6 /64; that of nobody in
	 * particular if the address is not known.
	 * @param kind fixed words, of their own for each use
	 */
	byte[] bucket(String kind, @Nullable InetAddress address) {
		return this.hash.of(kind.getBytes(StandardCharsets.UTF_8), network(address));
	}

	private static Mono<Void> count(DatabaseClient client, Limit limit) {
		return client.sql(COUNT)
			.bind("bucket", limit.bucket())
			.bind("period", limit.period())
			.bind("limit", limit.most())
			.map((row) -> true)
			.one()
			.switchIfEmpty(Mono.defer(() -> refused(client, limit)))
			.then();
	}

	private static Mono<Boolean> refused(DatabaseClient client, Limit limit) {
		return client.sql(WAIT)
			.bind("bucket", limit.bucket())
			.bind("period", limit.period())
			.map((row) -> Objects.requireNonNullElse(row.get("wait", Double.class), 1.0))
			.one()
			.defaultIfEmpty(1.0)
			.flatMap((wait) -> Mono.error(new LimitReachedException(wait)));
	}

	private static byte[] network(@Nullable InetAddress address) {
		if (address == null) {
			return new byte[0];
		}
		return (address instanceof Inet6Address) ? Arrays.copyOf(address.getAddress(), 8) : address.getAddress();
	}

	/**
	 * At most so many within a period.
	 *
	 * @param bucket of what
	 * @param period in seconds
	 * @param most how many
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record Limit(byte[] bucket, int period, int most) {

	}

	/**
	 * Leaves the transaction, so that nothing of it is counted.
	 */
	private static final class LimitReachedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final transient Duration wait;

		LimitReachedException(double seconds) {
			super(null, null, false, false);
			this.wait = Duration.ofMillis(Math.max(1000, (long) (seconds * 1000)));
		}

	}

}
