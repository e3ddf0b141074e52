package com.deliveryservice.authgateway.forward;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.route.RouteTable;
import com.deliveryservice.authgateway.session.EndedSessions;
import com.deliveryservice.authgateway.session.SessionActivity;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.Assertions;
import com.deliveryservice.authgateway.upstream.Upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

class LeaseTests {

	private static final Instant NOW = Instant.parse("2026-11-23T04:05:06Z");

	private static final long LATER = Duration.ofSeconds(2).toNanos();

	private static final Caller CALLER = new Caller(UUID.randomUUID(), "customer", "", Set.of(), UUID.randomUUID(),
			NOW.plusSeconds(300), NOW.plusSeconds(3600));

	private final EndedSessions endedSessions = mock(EndedSessions.class);

	private final SessionActivity activity = mock(SessionActivity.class);

	@Test
	void aStreamIsOverWhenItsSessionEnds() {
		assertThat(lease(NOW).isOver(LATER, true)).isFalse();
		given(this.endedSessions.contains(any())).willReturn(true);
		assertThat(lease(NOW).isOver(LATER, true)).isTrue();
	}

	@Test
	void anAnswerWithAnEndIsNotCutOffWhileItsTokenLasts() {
		given(this.endedSessions.contains(any())).willReturn(true);
		assertThat(lease(NOW).isOver(LATER, false)).isFalse();
	}

	@Test
	void anAnswerThatOutlivesItsTokenIsOverWhenItsSessionEnds() {
		Instant afterTheToken = NOW.plusSeconds(301);
		assertThat(lease(afterTheToken).isOver(LATER, false)).isFalse();
		given(this.endedSessions.contains(any())).willReturn(true);
		assertThat(lease(afterTheToken).isOver(LATER, false)).isTrue();
	}

	@Test
	void nothingOutlivesTheSessionsAbsoluteEnd() {
		assertThat(lease(NOW.plusSeconds(3600)).isOver(LATER, true)).isTrue();
	}

	@Test
	void anOpenStreamKeepsItsSessionFromIdlingOnceAMinute() {
		Lease lease = lease(NOW);
		for (int second = 1; second < 125; second++) {
			assertThat(lease.isOver(Duration.ofSeconds(second).toNanos(), true)).isFalse();
		}
		then(this.activity).should(times(2)).streaming(CALLER.sessionId());
	}

	@Test
	void whatHasEndedKeepsNothingAlive() {
		given(this.endedSessions.contains(any())).willReturn(true);
		assertThat(lease(NOW).isOver(Duration.ofSeconds(61).toNanos(), true)).isTrue();
		then(this.activity).shouldHaveNoInteractions();
	}

	private Lease lease(Instant at) {
		Edge.Lane lane = new Edge.Lane(mock(RouteTable.class),
				new Gatekeeper(mock(AccessTokens.class), this.endedSessions, this.activity), mock(Assertions.class),
				mock(Upstreams.class), Clock.fixed(at, ZoneOffset.UTC));
		return new Lease(lane, CALLER, 0);
	}

}
