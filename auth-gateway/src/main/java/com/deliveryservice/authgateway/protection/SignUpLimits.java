package com.deliveryservice.authgateway.protection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * How many sign-ups may come from one address and go to one contact: a code costs money
 * and annoys, and the answer tells whether somebody exists. Counted in the database, so
 * that replicas do not multiply the limits; while it is away nobody is admitted.
 */
@Component
public class SignUpLimits {

	private static final int HOUR = 3600;

	private static final int DAY = 24 * HOUR;

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
			DELETE FROM auth.sign_up_count WHERE started_at < now() - interval '1 day'
			""";

	private final Database database;

	private final SignUpLimitSettings settings;

	private final SecretKeySpec key;

	SignUpLimits(Database database, SignUpLimitSettings settings, DerivedKeys keys) {
		this.database = database;
		this.settings = settings;
		byte[] derived = keys.find(keys.currentId(), "sign-up limits");
		if (derived == null) {
			throw new IllegalStateException("no key");
		}
		this.key = new SecretKeySpec(derived, "HmacSHA256");
	}

	/**
	 * Counts a sign-up if there is room everywhere, and else nothing.
	 * @param address the client's, or {@code null} if it is not known
	 * @param contact the normalised contact to verify
	 * @return empty if it is admitted; else how long to wait
	 */
	public Mono<Duration> admit(@Nullable InetAddress address, String contact) {
		byte[] ofContact = bucket("contact", contact.getBytes(StandardCharsets.UTF_8));
		List<Limit> limits = List.of(
				new Limit(bucket("address", network(address)), HOUR, this.settings.perAddressAndHour()),
				new Limit(ofContact, HOUR, this.settings.perContactAndHour()),
				new Limit(ofContact, DAY, this.settings.perContactAndDay()));
		return this.database
			.inTransaction((client) -> Flux.fromIterable(limits)
				.concatMap((limit) -> count(client, limit))
				.then(Mono.<Duration>empty()))
			.onErrorResume(LimitReachedException.class, (reached) -> Mono.just(reached.wait));
	}

	/**
	 * No code was sent to the contact after all. What the address asked stays counted.
	 */
	public Mono<Void> giveBack(String contact) {
		byte[] bucket = bucket("contact", contact.getBytes(StandardCharsets.UTF_8));
		return this.database.one((client) -> client.sql(GIVE_BACK).bind("bucket", bucket).then());
	}

	/**
	 * Deletes what counts no more.
	 */
	public Mono<Void> forget() {
		return this.database.one((client) -> client.sql(FORGET).then());
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

	/**
	 * One network of the smallest size that a customer gets: an IPv4 address, an IPv6
	 * /64.
	 */
	private static byte[] network(@Nullable InetAddress address) {
		if (address == null) {
			return new byte[0];
		}
		return (address instanceof Inet6Address) ? Arrays.copyOf(address.getAddress(), 8) : address.getAddress();
	}

	private byte[] bucket(String kind, byte[] value) {
		try {
			Mac mac = Mac.getInstance(this.key.getAlgorithm());
			mac.init(this.key);
			mac.update((kind + ':').getBytes(StandardCharsets.UTF_8));
			return mac.doFinal(value);
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(this.key.getAlgorithm(), ex);
		}
	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Limit(byte[] bucket, int period, int most) {

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
