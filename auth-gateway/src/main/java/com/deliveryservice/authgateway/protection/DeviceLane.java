package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;

import io.r2dbc.spi.Readable;

/**
 * The lane of a device that signed in before (OWASP's device cookies). Nobody else's
 * failures slow it down; its own do, and after so many of them its token is worth nothing
 * for a day, so that whoever stole it guesses no faster than anybody.
 */
class DeviceLane {

	private static final String STATE = """
			SELECT failures >= :most AND updated_at >= clock_timestamp() - make_interval(secs => :forgotten) AS spent,
			  CASE WHEN blocked_until > clock_timestamp()
			    THEN extract(epoch FROM blocked_until - clock_timestamp())::float8 END AS wait
			FROM auth.throttle WHERE key = :key""";

	private static final String FORGET = """
			DELETE FROM auth.throttle WHERE key = :key AND blocked_until <= clock_timestamp()
			  AND (failures < :most OR updated_at < clock_timestamp() - make_interval(secs => :forgotten))""";

	private final Database database;

	private final FailureCounters counters;

	private final double most;

	DeviceLane(Database database, FailureCounters counters, ProtectionSettings settings) {
		this.database = database;
		this.counters = counters;
		this.most = settings.deviceFailures();
	}

	Mono<Answer> check(byte[] device) {
		return this.database
			.one((client) -> client.sql(STATE)
				.bind("key", device)
				.bind("most", this.most)
				.bind("forgotten", FailureCounters.FORGOTTEN_AFTER)
				.map(Answer::of)
				.one())
			.defaultIfEmpty(Answer.GO_ON);
	}

	Mono<Answer> failed(byte[] device) {
		return this.database.one((client) -> this.counters.fail(client, device, this.most))
			.flatMap((counted) -> counted ? Mono.just(Answer.GO_ON) : check(device));
	}

	Mono<Answer> succeeded(byte[] device) {
		return this.database
			.one((client) -> client.sql(FORGET)
				.bind("key", device)
				.bind("most", this.most)
				.bind("forgotten", FailureCounters.FORGOTTEN_AFTER)
				.fetch()
				.rowsUpdated())
			.flatMap((rows) -> (rows > 0) ? Mono.just(Answer.GO_ON) : check(device));
	}

	/**
	 * Forgets a device's failures and its wait.
	 */
	Mono<Void> forget(byte[] device) {
		return this.database
			.one((client) -> client.sql("DELETE FROM auth.throttle WHERE key = :key").bind("key", device).then());
	}

	/**
	 * What becomes of an attempt here.
	 *
	 * @param isTrusted whether the device has this lane at all
	 * @param toWait how long it has to wait in it, or {@code null}
	 */
	record Answer(boolean isTrusted, @Nullable Duration toWait) {

		static final Answer GO_ON = new Answer(true, null);

		private static Answer of(Readable row) {
			boolean spent = Boolean.TRUE.equals(row.get("spent", Boolean.class));
			Double wait = row.get("wait", Double.class);
			return new Answer(!spent, (wait != null) ? FailureCounters.seconds(wait) : null);
		}

	}

}
