package com.deliveryservice.authgateway.notifier;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.notifier.Notification.Channel;
import com.deliveryservice.authgateway.notifier.Notification.Template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Promises over a real PostgreSQL, kept over real sockets.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeliveryTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final String OTHER_KEY = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

	private static final Notification RESET = new Notification("anna@example.org", Channel.EMAIL,
			Template.PASSWORD_RESET, Map.of("code", "042137", "login", "anna"));

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final MigratedDatabase OTHER = MigratedDatabase.over(DATABASE.raw());

	private final NotificationService service = new NotificationService();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<AutoCloseable> parts = new ArrayList<>();

	@BeforeEach
	void nothingWaits() {
		DATABASE.raw().execute("DELETE FROM auth.notification");
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable part : this.parts) {
			part.close();
		}
		this.service.close();
	}

	@AfterAll
	static void close() {
		DATABASE.close();
		OTHER.close();
	}

	@Test
	void whatIsPromisedIsPostedAsTheContractSaysAndForgotten() {
		promise(RESET);
		deliver(replica(DATABASE.database(), KEY));
		assertThat(this.service.requests).singleElement().satisfies((request) -> {
			assertThat(request.line()).isEqualTo("POST /notify?v=1");
			assertThat(request.type()).isEqualTo("application/json");
			assertThat(request.authorization()).isEqualTo("Basic Z2F0ZXdheTpodXNoLWh1c2g=");
			assertThat(request.body()).isEqualTo("""
					{"to":"anna@example.org","channel":"email","template":"password-reset",\
					"data":{"code":"042137","login":"anna"}}""");
		});
		assertThat(waiting()).isZero();
		assertThat(counted("taken", "password-reset")).isEqualTo(1);
	}

	@Test
	void whatIsRolledBackWasNeverPromised() {
		Mono<Void> rolledBack = DATABASE.database()
			.inTransaction((client) -> notifier().promise(client, RESET, soon())
				.then(Mono.error(new IllegalStateException("no"))));
		assertThatIllegalStateException().isThrownBy(() -> rolledBack.block(SOON));
		assertThat(waiting()).isZero();
	}

	@Test
	void outsideOfATransactionAndWithoutANotifierNothingIsPromised() {
		Mono<Void> alone = DATABASE.database().one((client) -> notifier().promise(client, RESET, soon()));
		assertThat(alone.materialize().block(SOON)).matches((signal) -> signal != null && signal.isOnError());
		Notifier none = notifier(
				new NotifierSettings(null, null, null, Duration.ofSeconds(1), Duration.ofSeconds(1), 8, null));
		assertThat(none.isConfigured()).isFalse();
		assertThatIllegalStateException().isThrownBy(
				() -> DATABASE.database().inTransaction((client) -> none.promise(client, RESET, soon())).block(SOON));
		assertThat(waiting()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 503, 429, 401, 400, 302, 200 })
	void onlyA2xxIsTaken(int status) {
		this.service.answer((response,
				request) -> response.status(status).header("Location", this.service.url() + "&redirected").send());
		promise(RESET);
		deliver(replica(DATABASE.database(), KEY));
		assertThat(this.service.requests).hasSize(1);
		assertThat(waiting()).isEqualTo((status == 200) ? 0 : 1);
	}

	@Test
	void anOutageIsOutlivedAndTheServiceCanTellARepetition() {
		this.service.status(503);
		promise(RESET);
		Delivery delivery = replica(DATABASE.database(), KEY);
		deliver(delivery);
		deliver(delivery);
		assertThat(this.service.requests).as("not again at once").hasSize(1);
		this.service.status(202);
		theWaitIsOver();
		deliver(delivery);
		assertThat(this.service.requests).hasSize(2)
			.extracting(NotificationService.Request::id)
			.containsOnly(this.service.requests.get(0).id())
			.doesNotContainNull();
		assertThat(waiting()).isZero();
	}

	@Test
	void aRestartLosesNothing() {
		promise(RESET);
		deliver(replica(OTHER.database(), KEY));
		assertThat(this.service.requests).hasSize(1);
	}

	@Test
	void whoDiedWhileSendingHoldsNothingUpForLong() {
		promise(RESET);
		new NotificationStore(DATABASE.database()).claim(10, Duration.ofMillis(1)).blockLast(SOON);
		await().atMost(SOON).untilAsserted(() -> {
			deliver(replica(OTHER.database(), KEY));
			assertThat(this.service.requests).hasSize(1);
		});
	}

	@Test
	void twoReplicasSendEachOnce() {
		for (int i = 0; i < 40; i++) {
			promise(new Notification("user" + i + "@example.org", Channel.EMAIL, Template.USER_EXISTS, Map.of()));
		}
		Flux.merge(replica(DATABASE.database(), KEY).deliver(), replica(OTHER.database(), KEY).deliver())
			.blockLast(SOON);
		assertThat(this.service.requests).hasSize(40);
		assertThat(this.service.requests.stream().map(NotificationService.Request::body).distinct()).hasSize(40);
		assertThat(waiting()).isZero();
	}

	@Test
	void aDecoyLooksLikeAnyOtherAndGoesToNobody() {
		promise(RESET);
		promise(Notification.DECOY);
		promise(new Notification("+15550100", Channel.PHONE, Template.SIGN_UP_CODE,
				Map.of("code", "000000", "code_expires_at", "2026-11-28T00:00:00Z", "login", "x".repeat(256))));
		assertThat(column("SELECT DISTINCT octet_length(sealed)::text FROM auth.notification")).hasSize(1);
		assertThat(column("SELECT count(*)::text FROM auth.notification WHERE encode(sealed, 'escape') LIKE '%anna%'"))
			.containsExactly("0");
		deliver(replica(DATABASE.database(), KEY));
		assertThat(this.service.requests).hasSize(2);
		assertThat(waiting()).isZero();
	}

	@Test
	void whatHasExpiredIsSentToNobodyAndSaidAloud(CapturedOutput output) {
		this.service.status(500);
		promise(RESET);
		promise(Notification.DECOY);
		Delivery delivery = replica(DATABASE.database(), KEY);
		deliver(delivery);
		promise(Notification.DECOY);
		DATABASE.raw().execute("UPDATE auth.notification SET expires_at = now()");
		theWaitIsOver();
		deliver(delivery);
		delivery.expire().block(SOON);
		assertThat(this.service.requests).hasSize(1);
		assertThat(waiting()).isZero();
		assertThat(counted("expired", "password-reset")).isEqualTo(1);
		assertThat(output.getAll()).contains("was not delivered in its time, after 1 attempts")
			.contains("status 500")
			.doesNotContain("042137")
			.doesNotContain("anna")
			.doesNotContain("hush");
	}

	@Test
	void withAnotherEncryptionKeyNothingIsReadAndNothingIsSent() {
		promise(RESET);
		deliver(replica(DATABASE.database(), OTHER_KEY));
		assertThat(this.service.requests).isEmpty();
		assertThat(waiting()).isEqualTo(1);
	}

	@Test
	void aServiceThatIsAwayIsLeftAloneAndTheRestWaits() {
		this.service.status(500);
		for (int i = 0; i < 60; i++) {
			promise(RESET);
		}
		Delivery delivery = replica(DATABASE.database(), KEY);
		deliver(delivery);
		int asked = this.service.requests.size();
		assertThat(asked).isBetween(10, 20);
		theWaitIsOver();
		deliver(delivery);
		assertThat(this.service.requests).hasSize(asked);
		assertThat(waiting()).isEqualTo(60);
	}

	@Test
	void anAnswerWithoutEndIsNotReadToItsEnd() {
		this.service
			.answer((response, request) -> response.sendString(Flux.range(0, 10_000).map((i) -> "x".repeat(1024))));
		promise(RESET);
		deliver(replica(DATABASE.database(), KEY));
		assertThat(waiting()).isEqualTo(1);
		assertThat(counted("failed", "password-reset")).isEqualTo(1);
	}

	@Test
	void aServiceThatNeverAnswersIsGivenUpInTime() {
		this.service.answer((response, request) -> Mono.never());
		promise(RESET);
		deliver(replica(DATABASE.database(), KEY));
		assertThat(waiting()).isEqualTo(1);
	}

	@Test
	void aPromiseIsKeptSoonAfterItsCommit() {
		NotificationStore store = new NotificationStore(DATABASE.database());
		Delivery delivery = replica(DATABASE.database(), KEY);
		DeliveryRounds rounds = new DeliveryRounds(DATABASE.database(), delivery.deliver(), delivery.expire());
		Notifier notifier = new PromisedNotifications(settings(), store, seal(KEY), new Randomness(), rounds::wake);
		rounds.start();
		try {
			DATABASE.database().inTransaction((client) -> notifier.promise(client, RESET, soon())).block(SOON);
			await().atMost(SOON).until(() -> this.service.requests.size() == 1 && waiting() == 0);
		}
		finally {
			rounds.stop();
		}
		assertThat(rounds.isRunning()).isFalse();
	}

	@Test
	void nothingThatHoldsASecretPrintsIt() {
		assertThat(RESET.toString() + Notification.DECOY + settings()).doesNotContain("042137")
			.doesNotContain("anna")
			.doesNotContain("hush");
	}

	private void promise(Notification notification) {
		DATABASE.database().inTransaction((client) -> notifier().promise(client, notification, soon())).block(SOON);
	}

	private Notifier notifier() {
		return notifier(settings());
	}

	private Notifier notifier(NotifierSettings settings) {
		return new PromisedNotifications(settings, new NotificationStore(DATABASE.database()), seal(KEY),
				new Randomness(), () -> {
				});
	}

	private Delivery replica(Database database, String key) {
		NotificationPost post = new NotificationPost(this.service.url(), settings(), null);
		this.parts.add(post);
		return new Delivery(settings(), new NotificationStore(database), seal(key), post, this.meters);
	}

	private NotifierSettings settings() {
		return new NotifierSettings(this.service.url(), "gateway", "hush-hush", Duration.ofSeconds(1),
				Duration.ofSeconds(2), 4, null);
	}

	private static NotificationSeal seal(String key) {
		return new NotificationSeal(
				new DerivedKeys(new KeySettings(key, null, Duration.ofDays(30), Duration.ofHours(24))),
				new Randomness());
	}

	private static void deliver(Delivery delivery) {
		delivery.deliver().block(SOON);
	}

	private static Instant soon() {
		return Instant.now().plus(Duration.ofMinutes(10));
	}

	private static void theWaitIsOver() {
		DATABASE.raw().execute("UPDATE auth.notification SET send_after = now()");
	}

	private double counted(String outcome, String template) {
		Counter counter = this.meters.find("auth_gateway.notifier.notifications")
			.tags("outcome", outcome, "template", template)
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	private static int waiting() {
		return Integer.parseInt(column("SELECT count(*)::text FROM auth.notification").get(0));
	}

	private static List<String> column(String sql) {
		try (Connection connection = DATABASE.raw().open();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (result.next()) {
				values.add(result.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
