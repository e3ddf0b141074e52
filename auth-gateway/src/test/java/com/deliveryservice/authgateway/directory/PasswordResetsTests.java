package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.directory.ResetState.Closed;
import com.deliveryservice.authgateway.directory.ResetState.RightCode;
import com.deliveryservice.authgateway.directory.ResetState.Unanswered;
import com.deliveryservice.authgateway.directory.ResetState.WrongCode;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Resets in a real PostgreSQL, from two replicas; those of a user and those of nobody
 * side by side.
 */
class PasswordResetsTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final Duration LIFETIME = Duration.ofMinutes(10);

	private static final byte[] RIGHT = { 1, 2, 3 };

	private static final byte[] WRONG = { 4, 5, 6 };

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final MigratedDatabase OTHER = MigratedDatabase.over(DATABASE.raw());

	private static final DerivedKeys KEYS = new DerivedKeys(
			new KeySettings(DirectoryFixture.ENCRYPTION_KEY, null, Duration.ofDays(30), Duration.ofHours(24)));

	private final PasswordResets one = new PasswordResets(DATABASE.database(), KEYS);

	private final PasswordResets two = new PasswordResets(OTHER.database(), KEYS);

	@AfterAll
	static void close() {
		DATABASE.close();
		OTHER.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fourWrongCodesAreToldAndTheFifthCloses(boolean isSomebodys) {
		UUID id = begun(isSomebodys);
		for (int left = 4; left >= 0; left--) {
			assertThat(guess(id, WRONG)).isInstanceOfSatisfying(WrongCode.class, leftIs(left));
		}
		assertThat(guess(id, WRONG)).isEqualTo(Closed.TOO_MANY_ATTEMPTS);
		assertThat(guess(id, RIGHT)).isEqualTo(Closed.TOO_MANY_ATTEMPTS);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aHundredGuessesAtOnceOverTwoReplicasAreFive(boolean isSomebodys) {
		UUID id = begun(isSomebodys);
		List<ResetState> states = Flux.range(0, 100)
			.flatMap((i) -> ((i % 2 == 0) ? this.one : this.two).guess(id, WRONG), 50)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(states).filteredOn(WrongCode.class::isInstance)
			.extracting((state) -> ((WrongCode) state).attemptsLeft())
			.containsExactlyInAnyOrder(4, 3, 2, 1, 0);
		assertThat(states).filteredOn((state) -> !(state instanceof WrongCode))
			.hasSize(95)
			.containsOnly(Closed.TOO_MANY_ATTEMPTS);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theDatabasesClockEndsIt(boolean isSomebodys) {
		UUID id = begun(isSomebodys);
		expire(id);
		assertThat(guess(id, WRONG)).isEqualTo(Closed.EXPIRED);
		assertThat(guess(id, RIGHT)).isEqualTo(Closed.EXPIRED);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theNewestOfALoginOverrides(boolean isSomebodys) {
		String login = "login" + UUID.randomUUID();
		UUID user = isSomebodys ? user(login) : null;
		UUID older = begin(this.one, login, user, RIGHT);
		UUID newer = begin(this.two, login, user, RIGHT);
		assertThat(guess(older, RIGHT)).isEqualTo(new Closed("overridden"));
		assertThat(guess(newer, WRONG)).isInstanceOfSatisfying(WrongCode.class, leftIs(4));
	}

	@Test
	void manyAtOnceForOneLoginLeaveOneOpen() {
		String login = "login" + UUID.randomUUID();
		List<UUID> ids = Flux.range(0, 20)
			.flatMap((i) -> beginning((i % 2 == 0) ? this.one : this.two, login, null, RIGHT), 20)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(ids).filteredOn((id) -> guess(id, WRONG) instanceof WrongCode).hasSize(1);
	}

	@Test
	void nobodysResetTakesNoCode() {
		UUID id = begin(this.one, "nobody" + UUID.randomUUID(), null, RIGHT);
		assertThat(guess(id, RIGHT)).isInstanceOf(WrongCode.class);
		assertThat(complete(id, RIGHT)).isNull();
	}

	@Test
	void theRightCodeMayComeAgainButIsUsedOnce() {
		UUID id = begun(true);
		assertThat(guess(id, RIGHT)).isInstanceOf(RightCode.class);
		assertThat(guess(id, WRONG)).isInstanceOfSatisfying(WrongCode.class, leftIs(4));
		assertThat(guess(id, RIGHT)).isInstanceOf(RightCode.class);
		assertThat(complete(id, RIGHT)).isNotNull();
		assertThat(complete(id, RIGHT)).isNull();
		assertThat(guess(id, RIGHT)).isEqualTo(Closed.COMPLETED);
	}

	@Test
	void withoutTheRightCodeNothingIsCompleted() {
		UUID id = begun(true);
		assertThat(complete(id, RIGHT)).isNull();
		guess(id, RIGHT);
		assertThat(complete(id, WRONG)).isNull();
		DATABASE.raw()
			.execute("UPDATE auth.password_reset SET code_right_at = now() - interval '2 minutes' WHERE id = '" + id
					+ "'");
		assertThat(complete(id, RIGHT)).isNull();
	}

	@Test
	void aSuccessWhoseCommitNobodyConfirmedIsToldToWhoeverRepeatsTheCode() {
		UUID id = begun(true);
		guess(id, RIGHT);
		completingTakes("3 s", id);
		try (MigratedDatabase impatient = MigratedDatabase.over(DATABASE.raw(), Duration.ofMillis(1500))) {
			Mono<UUID> completing = impatient.database()
				.inTransaction((client) -> this.one.complete(client, id, RIGHT));
			assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(() -> completing.block(SOON));
			assertThat(guess(id, RIGHT)).isInstanceOf(Unanswered.class);
		}
		assertThat(guess(id, RIGHT)).isInstanceOf(Unanswered.class);
		this.one.answered(id).block(SOON);
		assertThat(guess(id, RIGHT)).isEqualTo(Closed.COMPLETED);
	}

	@Test
	void ofAHundredRepeatsAtOnceOverTwoReplicasAsManyAreComparedAsWereLeft() {
		UUID id = unanswered(2);
		List<ResetState> states = Flux.range(0, 100)
			.flatMap((i) -> ((i % 2 == 0) ? this.one : this.two).guess(id, RIGHT), 50)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(states).filteredOn(Unanswered.class::isInstance).hasSize(3);
		assertThat(states).filteredOn((state) -> !(state instanceof Unanswered))
			.hasSize(97)
			.containsOnly(Closed.COMPLETED);
	}

	@Test
	void wrongCodesAgainstACompletedOneDoNotShowAndAreCounted() {
		UUID id = unanswered(0);
		for (int i = 0; i < 5; i++) {
			assertThat(guess(id, WRONG)).isEqualTo(Closed.COMPLETED);
		}
		assertThat(guess(id, RIGHT)).isEqualTo(Closed.COMPLETED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0 seconds", "601 seconds" })
	void theCodeOfACompletedOneIsRightForTenMinutesAndNotWhileTheFirstMayBeAnswered(String age) {
		UUID id = unanswered(0);
		DATABASE.raw()
			.execute("UPDATE auth.password_reset SET closed_at = now() - interval '" + age + "' WHERE id = '" + id
					+ "'");
		assertThat(guess(id, RIGHT)).isEqualTo(Closed.COMPLETED);
	}

	@Test
	void anUnknownIdIsNothing() {
		assertThat(this.one.codeKeyId(UUID.randomUUID()).blockOptional(SOON)).isEmpty();
		assertThat(this.one.guess(UUID.randomUUID(), RIGHT).blockOptional(SOON)).isEmpty();
	}

	@Test
	void whatCannotBePromisedDidNotBegin() {
		String login = "login" + UUID.randomUUID();
		UUID older = begin(this.one, login, null, RIGHT);
		NewReset reset = reset(login, null, RIGHT);
		assertThatIllegalStateException().isThrownBy(
				() -> this.one.begin(reset, (client, until) -> Mono.error(new IllegalStateException("not promised")))
					.block(SOON));
		assertThat(this.one.codeKeyId(reset.id()).blockOptional(SOON)).isEmpty();
		assertThat(guess(older, WRONG)).isInstanceOf(WrongCode.class);
	}

	@Test
	void aMonthLaterItIsForgotten() {
		UUID id = begun(true);
		DATABASE.raw()
			.execute("UPDATE auth.password_reset SET created_at = now() - interval '31 days' WHERE id = '" + id + "'");
		this.one.forget().block(SOON);
		assertThat(this.one.codeKeyId(id).blockOptional(SOON)).isEmpty();
	}

	private static Consumer<WrongCode> leftIs(int left) {
		return (wrong) -> assertThat(wrong.attemptsLeft()).isEqualTo(left);
	}

	/** One without a usable password: nothing here depends on it. */
	private static UUID user(String login) {
		UUID id = UUID.randomUUID();
		DATABASE.raw().execute("""
				INSERT INTO auth.user_account (id, login, login_normalized, verified_contact_kind, verified_contact,
				  user_type, password_hash) VALUES ('%s', '%s', '%s', 'email', '%s@example.org', 'customer', '')
				""".formatted(id, login, login, login));
		return id;
	}

	/** Completed some seconds ago, after that many wrong codes. */
	private UUID unanswered(int wrong) {
		UUID id = begun(true);
		for (int i = 0; i < wrong; i++) {
			guess(id, WRONG);
		}
		guess(id, RIGHT);
		assertThat(complete(id, RIGHT)).isNotNull();
		DATABASE.raw()
			.execute("UPDATE auth.password_reset SET closed_at = closed_at - interval '5 seconds' WHERE id = '" + id
					+ "'");
		return id;
	}

	private static void completingTakes(String howLong, UUID id) {
		DATABASE.raw().execute("""
				CREATE FUNCTION auth.take_long() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  PERFORM pg_sleep_for('%s');
				  RETURN NULL;
				END $$;
				CREATE CONSTRAINT TRIGGER takes_long AFTER UPDATE ON auth.password_reset DEFERRABLE INITIALLY DEFERRED
				  FOR EACH ROW WHEN (NEW.id = '%s' AND OLD.state = 'open' AND NEW.state = 'completed')
				  EXECUTE FUNCTION auth.take_long()
				""".formatted(howLong, id));
	}

	private UUID begun(boolean isSomebodys) {
		String login = "login" + UUID.randomUUID();
		return begin(this.one, login, isSomebodys ? user(login) : null, RIGHT);
	}

	private static UUID begin(PasswordResets resets, String login, @Nullable UUID user, byte[] hash) {
		return beginning(resets, login, user, hash).blockOptional(SOON).orElseThrow();
	}

	private static Mono<UUID> beginning(PasswordResets resets, String login, @Nullable UUID user, byte[] hash) {
		NewReset reset = reset(login, user, hash);
		return resets.begin(reset, (client, until) -> Mono.empty())
			.doOnNext((until) -> assertThat(until).isAfter(Instant.now()))
			.thenReturn(reset.id());
	}

	private static NewReset reset(String login, @Nullable UUID user, byte[] hash) {
		return new NewReset(UUID.randomUUID(), login, user, new CodeHash("k", hash), LIFETIME, 5);
	}

	private ResetState guess(UUID id, byte[] hash) {
		return this.two.guess(id, hash).blockOptional(SOON).orElseThrow();
	}

	private @Nullable UUID complete(UUID id, byte[] hash) {
		return DATABASE.database().inTransaction((client) -> this.one.complete(client, id, hash)).block(SOON);
	}

	private static void expire(UUID id) {
		DATABASE.raw().execute("UPDATE auth.password_reset SET code_expires_at = now() WHERE id = '" + id + "'");
	}

}
