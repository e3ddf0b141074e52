package com.deliveryservice.authgateway.ops;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import org.springframework.boot.health.contributor.Status;

import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.PublicKeys;
import com.deliveryservice.authgateway.session.EndedSessions;

class LoadedHealthIndicatorTests {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Sinks.Empty<Void> migrated = Sinks.empty();

	private final Database database = Mockito.mock(Database.class);

	private final PublicKeys keys = Mockito.mock(PublicKeys.class);

	private final EndedSessions endedSessions = Mockito.mock(EndedSessions.class);

	private final AtomicBoolean stale = new AtomicBoolean(true);

	private final LoadedHealthIndicator indicator = new LoadedHealthIndicator(this.database, this.keys,
			this.endedSessions);

	LoadedHealthIndicatorTests() {
		BDDMockito.given(this.database.ready()).willReturn(this.migrated.asMono());
		BDDMockito.given(this.endedSessions.isStale()).willAnswer((call) -> this.stale.get());
	}

	@Test
	void eachOfTheThreeIsWaitedFor() {
		is(Status.OUT_OF_SERVICE);
		this.migrated.tryEmitEmpty();
		is(Status.OUT_OF_SERVICE);
		BDDMockito.given(this.keys.areLoaded()).willReturn(true);
		is(Status.OUT_OF_SERVICE);
		this.stale.set(false);
		is(Status.UP);
	}

	@Test
	void theSnapshotAloneIsNotEnough() {
		this.stale.set(false);
		BDDMockito.given(this.keys.areLoaded()).willReturn(true);
		is(Status.OUT_OF_SERVICE);
	}

	@Test
	void aDatabaseThatGoesAwayLaterTakesNoReplicaOut() {
		this.migrated.tryEmitEmpty();
		BDDMockito.given(this.keys.areLoaded()).willReturn(true);
		this.stale.set(false);
		is(Status.UP);
		this.stale.set(true);
		is(Status.UP);
	}

	private void is(Status status) {
		StepVerifier.create(this.indicator.health())
			.expectNextMatches((health) -> health.getStatus().equals(status))
			.expectComplete()
			.verify(PATIENCE);
	}

}
