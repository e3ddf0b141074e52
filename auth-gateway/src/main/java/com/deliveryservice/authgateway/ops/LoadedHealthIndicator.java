package com.deliveryservice.authgateway.ops;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.PublicKeys;
import com.deliveryservice.authgateway.session.EndedSessions;

/**
 * Whether this replica has loaded what it cannot work without: the schema is migrated,
 * the signing keys are here, and so is the snapshot of ended sessions. Once it has, it
 * stays so: when the database goes away later, every replica would otherwise leave the
 * service at once, although all of them can go on forwarding.
 */
@Component
class LoadedHealthIndicator implements ReactiveHealthIndicator {

	private final Database database;

	private final PublicKeys keys;

	private final EndedSessions endedSessions;

	private volatile boolean loaded;

	LoadedHealthIndicator(Database database, PublicKeys keys, EndedSessions endedSessions) {
		this.database = database;
		this.keys = keys;
		this.endedSessions = endedSessions;
	}

	@Override
	public Mono<Health> health() {
		if (this.loaded) {
			return Mono.just(Health.up().build());
		}
		Mono<Boolean> migrated = Mono.firstWithSignal(this.database.ready().thenReturn(true), Mono.just(false));
		return migrated.map((done) -> done && this.keys.areLoaded() && !this.endedSessions.isStale())
			.doOnNext((done) -> this.loaded = done)
			.map((done) -> done ? Health.up().build() : Health.outOfService().build());
	}

}
