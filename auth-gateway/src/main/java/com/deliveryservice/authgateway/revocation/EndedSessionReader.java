package com.deliveryservice.authgateway.revocation;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.springframework.stereotype.Component;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.r2dbc.spi.Connection;

/**
 * Reads the endings that this replica may have missed. It reads by time, and more than a
 * minute too much: numbers and times are given before a transaction commits, so an older
 * event may appear after a newer one.
 */
@Component
class EndedSessionReader {

	private static final Duration OVERLAP = Duration.ofMinutes(1);

	private static final String READ = """
			SELECT session_id FROM auth.session_event WHERE ended_at > now() - make_interval(secs => $1)
			""";

	private final EndedSessionRegistry registry;

	private final Clock clock;

	EndedSessionReader(EndedSessionRegistry registry, Clock clock) {
		this.registry = registry;
		this.clock = clock;
	}

	/**
	 * Reads over a connection; afterwards all that was committed before is known.
	 */
	Mono<Void> catchUp(Connection connection) {
		return Mono.defer(() -> {
			long startedAt = this.clock.millis();
			return read(connection, this.registry.staleness().plus(OVERLAP)).doOnNext((ids) -> {
				ids.forEach(this.registry::add);
				this.registry.upToDate(startedAt);
			});
		}).then();
	}

	private static Mono<List<UUID>> read(Connection connection, Duration window) {
		return Flux.from(connection.createStatement(READ).bind("$1", window.toMillis() / 1000.0).execute())
			.flatMap((result) -> result.map((row) -> Objects.requireNonNull(row.get(0, UUID.class))))
			.collectList();
	}

}
