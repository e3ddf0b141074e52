package com.deliveryservice.authgateway.audit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class AuditTrailTests {

	private static final UUID ANNA = UUID.fromString("0a000000-0000-4000-8000-000000000001");

	private static final UUID SESSION = UUID.fromString("0a000000-0000-4000-8000-0000000000ff");

	private final MigratedDatabase database = MigratedDatabase.create();

	private AuditFixture audit;

	@BeforeEach
	void open() {
		this.audit = new AuditFixture(this.database);
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void whatIsAppendedIsCommittedWithTheChangeItTellsOf(CapturedOutput output) {
		append(SecurityEvent.of(EventType.USER_SUSPENDED).about(ANNA)).block(AuditFixture.WAIT);
		assertThat(this.audit.types()).containsExactly("user_suspended");
		assertThat(output).containsOnlyOnce("\"type\":\"user_suspended\"");
	}

	@Test
	void whatIsRolledBackIsNeitherRecordedNorLogged(CapturedOutput output) {
		Mono<Object> failing = this.database.database()
			.inTransaction((client) -> this.audit.trail()
				.append(client, SecurityEvent.of(EventType.USER_SUSPENDED))
				.then(Mono.error(new IllegalArgumentException("changed my mind"))));
		assertThatThrownBy(() -> failing.block(AuditFixture.WAIT)).isInstanceOf(IllegalArgumentException.class);
		assertThat(this.audit.types()).isEmpty();
		assertThat(output).doesNotContain("user_suspended");
	}

	@Test
	void nothingIsAppendedOutsideOfATransaction() {
		Mono<Void> outside = this.database.database()
			.one((client) -> this.audit.trail().append(client, SecurityEvent.of(EventType.SIGN_OUT)));
		assertThatThrownBy(() -> outside.block(AuditFixture.WAIT)).isNotNull();
		assertThat(this.audit.types()).isEmpty();
	}

	@Test
	void whatIsNotedIsLoggedAtOnceAndWrittenSoon(CapturedOutput output) {
		note(EventType.SIGN_IN_FAILED);
		assertThat(output).contains("\"type\":\"sign_in_failed\"");
		assertThat(this.audit.types()).isEmpty();
		this.audit.flush();
		assertThat(this.audit.types()).containsExactly("sign_in_failed");
	}

	@Test
	void aThousandNotesAreWrittenOnceEach() {
		for (int i = 0; i < 1000; i++) {
			note(EventType.SIGN_IN_FAILED);
		}
		this.audit.flush();
		this.audit.flush();
		assertThat(this.audit.types()).hasSize(1000);
	}

	@Test
	void theRequestAndWhoIsSignedInAreAddedFromTheContext() throws UnknownHostException {
		Origin origin = Origin.of("request-1", InetAddress.getByName("192.0.2.7"));
		Caller caller = new Caller(ANNA, "customer", "", Set.of(), SESSION, Instant.EPOCH, Instant.EPOCH);
		append(SecurityEvent.of(EventType.SIGN_OUT).about(ANNA).on("Pixel\u0000 9\ud800").with("reason", "a\nb"))
			.contextWrite(
					ReactiveSecurityContextHolder.withAuthentication(new TestingAuthenticationToken(caller, null)))
			.contextWrite((context) -> context.put(Origin.class, origin))
			.block(AuditFixture.WAIT);
		assertThat(this.audit.column("SELECT concat_ws(' ', actor_id, user_id, session_id, ip, device_name, request_id,"
				+ " detail) FROM auth.audit_event"))
			.containsExactly(ANNA + " " + ANNA + " " + SESSION + " 192.0.2.7 Pixel 9 request-1 {\"reason\":\"ab\"}");
	}

	@Test
	void aClientOfTheInternalListenerIsNamedInTheDetail() {
		append(SecurityEvent.of(EventType.KEY_ACTIVATED))
			.contextWrite(ReactiveSecurityContextHolder
				.withAuthentication(new TestingAuthenticationToken("night-operator", null)))
			.block(AuditFixture.WAIT);
		assertThat(this.audit.column("SELECT detail FROM auth.audit_event"))
			.containsExactly("{\"client\":\"night-operator\"}");
	}

	@Test
	void anEventCannotGrowWithoutBound() {
		SecurityEvent event = SecurityEvent.of(EventType.SIGN_IN).on("x".repeat(5000)).with("reason", "y".repeat(5000));
		assertThat(event.device()).hasSize(100);
		assertThat(event.detail().get("reason")).hasSize(200);
		SecurityEvent full = new SecurityEvent(EventType.SIGN_IN, null, null, null, null, null,
				Map.of("a", "", "b", "", "c", "", "d", "", "e", "", "f", "", "g", "", "h", ""));
		assertThatIllegalArgumentException().isThrownBy(() -> full.with("i", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "UPDATE auth.audit_event SET type = 'x'", "DELETE FROM auth.audit_event",
			"TRUNCATE auth.audit_event CASCADE", "TRUNCATE auth.audit_link", "TRUNCATE auth.audit_checkpoint" })
	void theTableTakesNothingBack(String statement) {
		append(SecurityEvent.of(EventType.SIGN_OUT)).block(AuditFixture.WAIT);
		assertThatThrownBy(() -> this.database.raw().execute(statement)).rootCause()
			.hasMessageContaining("append-only");
		assertThat(this.audit.types()).hasSize(1);
	}

	@Test
	void anOutageCostsBoundedMemoryAndIsToldAfterwards() {
		TestDatabase raw = this.database.raw();
		try (TcpProxy proxy = TcpProxy.to(raw.host(), raw.port());
				MigratedDatabase away = MigratedDatabase
					.over(new TestDatabase("localhost", proxy.port(), raw.name()))) {
			AuditFixture bounded = new AuditFixture(raw, away.database(), 100);
			proxy.refuse();
			for (int i = 0; i < 150; i++) {
				bounded.trail().note(SecurityEvent.of(EventType.SIGN_IN_FAILED)).block(Duration.ofSeconds(1));
				if (i % 50 == 0) {
					bounded.flush();
				}
			}
			assertThat(bounded.notes.queue().size()).isEqualTo(100);
			assertThat(bounded.meters.counter("auth_gateway.audit.dropped").count()).isEqualTo(50);
			proxy.heal();
			bounded.flush();
			bounded.flush();
			assertThat(bounded.types()).hasSize(101).containsOnlyOnce("events_dropped");
			assertThat(bounded.column("SELECT detail FROM auth.audit_event WHERE type = 'events_dropped'"))
				.containsExactly("{\"count\":\"50\"}");
		}
	}

	@Test
	void whatIsLeftAtTheEndOfTheProcessIsWritten() throws InterruptedException {
		this.audit.writer.start();
		note(EventType.SIGN_IN_FAILED);
		CountDownLatch stopped = new CountDownLatch(1);
		this.audit.writer.stop(stopped::countDown);
		assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.audit.types()).containsExactly("sign_in_failed");
	}

	@Test
	void aFloodOfThrottledAttemptsIsOneEventAndLaterTheirNumber() throws InterruptedException {
		for (int i = 0; i < 50; i++) {
			this.audit.trail()
				.note(SecurityEvent.of(EventType.SIGN_IN_THROTTLED).aboutLogin("anna"))
				.block(AuditFixture.WAIT);
		}
		this.audit.flush();
		assertThat(this.audit.types()).containsExactly("sign_in_throttled");
		CountDownLatch stopped = new CountDownLatch(1);
		this.audit.writer.stop(stopped::countDown);
		assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.audit.column("SELECT detail FROM auth.audit_event ORDER BY at")).containsExactly("{}",
				"{\"more\":\"49\"}");
	}

	@Test
	void anAppendWithoutADatabaseFailsAsEverythingElseThere() {
		this.database.close();
		assertThatThrownBy(() -> append(SecurityEvent.of(EventType.SIGN_OUT)).block(AuditFixture.WAIT))
			.isInstanceOf(DatabaseUnavailableException.class);
	}

	private Mono<String> append(SecurityEvent event) {
		return this.database.database()
			.inTransaction((client) -> this.audit.trail().append(client, event).thenReturn("done"));
	}

	private void note(EventType type) {
		this.audit.trail().note(SecurityEvent.of(type)).block(Duration.ofSeconds(1));
	}

}
