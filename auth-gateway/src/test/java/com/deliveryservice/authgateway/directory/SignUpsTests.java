package com.deliveryservice.authgateway.directory;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataIntegrityViolationException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.directory.SignUpClosings.Closing;
import com.deliveryservice.authgateway.directory.SignUpState.Closed;
import com.deliveryservice.authgateway.directory.SignUpState.Completed;
import com.deliveryservice.authgateway.directory.SignUpState.Reason;
import com.deliveryservice.authgateway.directory.SignUpState.RightCode;
import com.deliveryservice.authgateway.directory.SignUpState.Waiting;
import com.deliveryservice.authgateway.directory.SignUpState.WrongCode;

import static com.deliveryservice.authgateway.directory.Accounts.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Both halves of a sign-up, on two replicas over one database.
 */
class SignUpsTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final Duration LIFETIME = Duration.ofMinutes(10);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final MigratedDatabase OTHER = MigratedDatabase.over(DATABASE.raw());

	private static final PasswordHashing HASHING = Accounts.newHashing();

	private static final DirectoryFixture ONE = new DirectoryFixture(DATABASE, HASHING);

	private static final DirectoryFixture TWO = new DirectoryFixture(OTHER, HASHING);

	private static final byte[] RIGHT = "right".getBytes(StandardCharsets.UTF_8);

	private static final byte[] WRONG = "wrong".getBytes(StandardCharsets.UTF_8);

	@AfterAll
	static void close() {
		DATABASE.close();
		OTHER.close();
		HASHING.destroy();
	}

	@Test
	void theRightCodeThenSuccessMakesAUser() {
		Started anna = start("anna", "anna@example.org");
		assertThat(get(ONE.signUps.guess(anna.id(), RIGHT))).isEqualTo(new RightCode(anna.guid(), 1, false));
		assertThat(get(TWO.callbacks.verifySignUp(anna.guid(), "Success"))).isTrue();
		assertThat(get(TWO.callbacks.verifySignUp(anna.guid(), "Success"))).isTrue();
		assertThat(get(ONE.signUps.guess(anna.id(), RIGHT))).isEqualTo(new RightCode(anna.guid(), 1, true));
		assertThat(settle(ONE, anna.id())).isInstanceOfSatisfying(Completed.class,
				(completed) -> assertThat(completed.userId())
					.hasToString(text("SELECT id FROM auth.user_account WHERE login = 'anna'")));
		assertThat(settle(TWO, anna.id())).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(get(ONE.signUps.guess(anna.id(), RIGHT))).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(get(ONE.callbacks.verifyUserCredentials("ANNA", PASSWORD))).isNotEmpty();
		assertThat(get(TWO.callbacks.verifySignUp(anna.guid(), "Success"))).isTrue();
		assertThat(text("SELECT count(*) FROM auth.pending_user WHERE password_hash IS NOT NULL AND sign_up_id = '"
				+ anna.id() + "'"))
			.isEqualTo("0");
		assertThat(text("SELECT user_type FROM auth.user_account WHERE login = 'anna'")).isEqualTo("customer");
	}

	@Test
	void aSuccessWhoseCommitNobodyConfirmedIsToldToWhoeverRepeatsTheCode() {
		Started dora = promoted("dora");
		completingTakes("3 s", dora);
		try (MigratedDatabase impatient = MigratedDatabase.over(DATABASE.raw(), Duration.ofMillis(1500))) {
			Mono<SignUpState> settling = new SignUps(impatient.database()).settle(dora.id(),
					(client, userId) -> Mono.empty());
			assertThatExceptionOfType(DatabaseUnavailableException.class).isThrownBy(() -> get(settling));
			assertThat(get(TWO.signUps.guess(dora.id(), RIGHT))).isInstanceOf(Completed.class);
		}
		assertThat(get(ONE.signUps.guess(dora.id(), RIGHT))).isInstanceOf(Completed.class);
		ONE.signUps.answered(dora.id()).block(SOON);
		assertThat(get(TWO.signUps.guess(dora.id(), RIGHT))).isEqualTo(new Closed(Reason.COMPLETED));
	}

	@Test
	void whatCannotBeDoneAlongIsNotCompleted() {
		Started nora = promoted("nora");
		assertThatIllegalStateException().isThrownBy(() -> get(ONE.signUps.settle(nora.id(),
				(client, userId) -> Mono.error(new IllegalStateException("not recorded")))));
		assertThat(get(ONE.signUps.guess(nora.id(), RIGHT))).isInstanceOf(RightCode.class);
	}

	@Test
	void wrongCodesAgainstACompletedOneDoNotShowAndAreCountedWithThoseBefore() {
		Started ulla = unanswered("ulla", 2);
		assertThat(get(ONE.signUps.guess(ulla.id(), WRONG))).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(get(ONE.signUps.guess(ulla.id(), WRONG))).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(get(ONE.signUps.guess(ulla.id(), RIGHT))).isInstanceOf(Completed.class);
		assertThat(get(ONE.signUps.guess(ulla.id(), WRONG))).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(get(ONE.signUps.guess(ulla.id(), RIGHT))).isEqualTo(new Closed(Reason.COMPLETED));
	}

	@Test
	void ofAHundredGuessesAtOnceAtACompletedOneFiveAreCompared() {
		Started id = unanswered("crowd", 0);
		List<SignUpState> states = Flux.range(0, 100)
			.flatMap((i) -> ((i % 2 == 0) ? ONE : TWO).signUps.guess(id.id(), WRONG), 100)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(states).hasSize(100).containsOnly(new Closed(Reason.COMPLETED));
		assertThat(text("SELECT attempts FROM auth.sign_up WHERE id = '" + id.id() + "'")).isEqualTo("5");
		assertThat(get(ONE.signUps.guess(id.id(), RIGHT))).isEqualTo(new Closed(Reason.COMPLETED));
	}

	@ParameterizedTest
	@CsvSource({ "early, 0 seconds", "tardy, 601 seconds" })
	void theCodeOfACompletedOneIsRightForTenMinutesAndNotWhileTheFirstMayBeAnswered(String login, String age) {
		Started id = unanswered(login, 0);
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET closed_at = now() - interval '" + age + "' WHERE id = '" + id.id() + "'");
		assertThat(get(ONE.signUps.guess(id.id(), RIGHT))).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(get(ONE.signUps.guess(id.id(), WRONG))).isEqualTo(new Closed(Reason.COMPLETED));
		assertThat(text("SELECT attempts FROM auth.sign_up WHERE id = '" + id.id() + "'")).isEqualTo("0");
	}

	@Test
	void successWithoutTheRightCodeMakesNobody() {
		Started mallory = start("mallory", "mallory@example.org");
		assertThat(get(ONE.callbacks.verifySignUp(mallory.guid(), "Success"))).isFalse();
		get(ONE.signUps.guess(mallory.id(), WRONG));
		assertThat(get(ONE.callbacks.verifySignUp(mallory.guid(), "Success"))).isFalse();
		assertThat(settle(ONE, mallory.id())).isEqualTo(new Waiting());
		assertThat(users("mallory")).isZero();
	}

	@Test
	void aPendingUserWithoutASignUpOfOursNeverBecomesOne() {
		String guid = get(ONE.callbacks.addUser("orphan", "orphan@example.org", null, PASSWORD));
		assertThat(get(ONE.callbacks.verifySignUp(guid, "Success"))).isFalse();
		assertThat(get(ONE.callbacks.verifySignUp(UUID.randomUUID().toString(), "Success"))).isFalse();
		assertThat(get(ONE.callbacks.verifySignUp("no guid at all", "Success"))).isFalse();
		assertThat(users("orphan")).isZero();
	}

	@Test
	void theTypeIsTheOneThatTheGatewayNoted() {
		Login login = Objects.requireNonNull(Login.parse("kurt"));
		Contact contact = Objects.requireNonNull(Contact.email("kurt@example.org"));
		UUID id = get(ONE.signUps.begin(new NewSignUp(login, contact, "kurt@example.org", null, "courier", null, 5)));
		assertThat(get(
				ONE.backend.addUser(new Messages.UserCredentials("KURT", "Kurt@example.org", null, PASSWORD, "admin"))))
			.returns("courier", Messages.UserCreationResult::userType)
			.returns(true, Messages.UserCreationResult::isUserAdded);
		get(ONE.signUps.failed(id).thenReturn(true));
		assertThat(get(
				ONE.backend.addUser(new Messages.UserCredentials("kurt", "kurt@example.org", null, PASSWORD, "admin"))))
			.returns("customer", Messages.UserCreationResult::userType);
	}

	@Test
	void aVerifiedLoginOrContactIsRefusedAndAnUnverifiedOneIsNot() {
		Started ursula = verified("ursula", "ursula@example.org");
		DATABASE.raw().execute("UPDATE auth.user_account SET phone_number = '+15550111' WHERE login = 'ursula'");
		assertThat(ursula.guid()).isNotEmpty();
		assertThat(existsBefore("Ursula", "new@example.org", null))
			.isEqualTo(new Messages.UserExistance(true, false, false));
		assertThat(existsBefore("new", "URSULA@example.org", null))
			.isEqualTo(new Messages.UserExistance(false, true, false));
		assertThat(get(ONE.callbacks.addUser("newer", null, "+15550111", PASSWORD))).isNotEmpty();
	}

	@Test
	void wrongCodesAreCountedUntilTheFifthClosesForEver() {
		Started id = start("wanda", "wanda@example.org");
		for (int left = 4; left >= 0; left--) {
			assertThat(get(ONE.signUps.guess(id.id(), WRONG))).isEqualTo(new WrongCode(left));
		}
		assertThat(get(ONE.signUps.guess(id.id(), WRONG))).isEqualTo(new Closed(Reason.TOO_MANY_ATTEMPTS));
		assertThat(get(TWO.signUps.guess(id.id(), RIGHT))).isEqualTo(new Closed(Reason.TOO_MANY_ATTEMPTS));
		assertThat(get(ONE.callbacks.verifySignUp(id.guid(), "Success"))).isFalse();
	}

	@Test
	void aHundredGuessesAtOnceOnTwoReplicasCompareFiveAtMost() {
		Started id = start("hundred", "hundred@example.org");
		List<SignUpState> states = Flux.range(0, 100)
			.flatMap((i) -> ((i % 2 == 0) ? ONE : TWO).signUps.guess(id.id(), WRONG), 100)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(states).filteredOn(WrongCode.class::isInstance)
			.extracting((state) -> ((WrongCode) state).attemptsLeft())
			.containsExactlyInAnyOrder(4, 3, 2, 1, 0);
		assertThat(states).filteredOn(Closed.class::isInstance)
			.hasSize(95)
			.containsOnly(new Closed(Reason.TOO_MANY_ATTEMPTS));
		assertThat(text("SELECT attempts FROM auth.sign_up WHERE id = '" + id.id() + "'")).isEqualTo("5");
	}

	@Test
	void anExpiredCodeIsNoneEvenIfRight() {
		Started id = start("elke", "elke@example.org");
		expire(id);
		assertThat(get(ONE.signUps.guess(id.id(), RIGHT))).isEqualTo(new Closed(Reason.EXPIRED));
		assertThat(get(ONE.callbacks.verifySignUp(id.guid(), "Success"))).isFalse();
		get(ONE.closings.expire());
		assertThat(get(ONE.signUps.guess(id.id(), RIGHT))).isEqualTo(new Closed(Reason.EXPIRED));
		assertThat(claimed()).contains(new Closing(id.id(), id.guid(), 0, "Timeout"));
	}

	@Test
	void aCodeOfOneSignUpIsNoneOfAnother() {
		Started one = start("code1", "code1@example.org");
		assertThat(get(ONE.signUps.guess(one.id(), "another".getBytes(StandardCharsets.UTF_8))))
			.isEqualTo(new WrongCode(4));
		assertThat(ONE.signUps.codeKeyId(UUID.randomUUID()).blockOptional(SOON)).isEmpty();
		assertThat(ONE.signUps.guess(UUID.randomUUID(), RIGHT).blockOptional(SOON)).isEmpty();
	}

	@Test
	void theSameLoginAndContactOverridesAndAnotherContactDoesNot() {
		Started first = start("oliver", "oliver@example.org");
		Started elsewhere = start("Oliver", "other@example.org");
		Started second = start("OLIVER", "Oliver@Example.org");
		assertThat(get(ONE.signUps.guess(first.id(), RIGHT))).isEqualTo(new Closed(Reason.OVERRIDDEN));
		assertThat(claimed()).contains(new Closing(first.id(), first.guid(), 0, "Overriden"));
		assertThat(get(ONE.callbacks.verifySignUp(first.guid(), "Overriden"))).isTrue();
		succeed(second);
		assertThat(get(ONE.signUps.guess(elsewhere.id(), RIGHT))).isInstanceOf(RightCode.class);
		assertThat(get(ONE.callbacks.verifySignUp(elsewhere.guid(), "Success"))).isFalse();
		assertThat(settle(ONE, elsewhere.id())).isEqualTo(new Closed(Reason.USER_EXISTS));
		assertThat(users("oliver")).isEqualTo(1);
	}

	@Test
	void aNewSignUpThatFailsLeavesThePendingOneAlone() {
		Started first = start("frida", "frida@example.org");
		UUID second = begin("frida", "frida@example.org");
		get(ONE.signUps.failed(second).thenReturn(true));
		assertThat(get(ONE.signUps.guess(first.id(), RIGHT))).isInstanceOf(RightCode.class);
	}

	@Test
	void twoThatOverrideEachOtherAtOnceLeaveOne() {
		List<UUID> ids = Flux.range(0, 8)
			.flatMap((i) -> Mono.fromCallable(() -> begin("double", "double@example.org"))
				.subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic())
				.flatMap((id) -> ((i % 2 == 0) ? ONE : TWO).signUps
					.codeSent(id, UUID.randomUUID().toString(), new CodeHash("k", RIGHT), LIFETIME,
							(client, until) -> Mono.empty())
					.thenReturn(id)))
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(ids).hasSize(8);
		assertThat(text("SELECT count(*) FROM auth.sign_up WHERE login = 'double' AND state = 'pending'"))
			.isEqualTo("1");
	}

	@ParameterizedTest
	@CsvSource({ "race1, RACE1", "stra\u00DFe, STRASSE", "caf\u00E9, cafe\u0301", "\uFF52ace2, race2" })
	void twoVerificationsOfOneLoginAtOnceMakeOneUser(String one, String other) {
		List<Started> started = List.of(start(one, UUID.randomUUID() + "@example.org"),
				start(other, UUID.randomUUID() + "@example.org"));
		started.forEach((signUp) -> get(ONE.signUps.guess(signUp.id(), RIGHT)));
		List<Boolean> done = Flux.fromIterable(started)
			.flatMap((signUp) -> (signUp.equals(started.get(0)) ? ONE : TWO).callbacks.verifySignUp(signUp.guid(),
					"Success"))
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(done).containsExactlyInAnyOrder(true, false);
		assertThat(started.stream().map((signUp) -> settle(ONE, signUp.id())).toList())
			.contains(new Closed(Reason.USER_EXISTS))
			.hasAtLeastOneElementOfType(Completed.class);
	}

	@Test
	void successAtOnceOnTwoReplicasMakesOneUserAndIsTrueTwice() {
		Started twin = start("twin", "twin@example.org");
		get(ONE.signUps.guess(twin.id(), RIGHT));
		List<Boolean> done = Flux.range(0, 10)
			.flatMap((i) -> ((i % 2 == 0) ? ONE : TWO).callbacks.verifySignUp(twin.guid(), "Success"))
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(done).hasSize(10).containsOnly(true);
		assertThat(users("twin")).isEqualTo(1);
	}

	@Test
	void aGuidOfWorkflowAuthsOwnIsToldApartByThePassword() {
		UUID mine = begin("guido", "guido@example.org");
		UUID other = begin("guido", "guido@example.org");
		String theirs = get(ONE.callbacks.addUser("guido", "guido@example.org", null, "another password"));
		get(ONE.callbacks.addUser("guido", "guido@example.org", null, PASSWORD));
		String own = UUID.randomUUID().toString();
		assertThat(get(ONE.pendingUsers.bind(mine, own, PASSWORD))).isTrue();
		assertThat(get(ONE.pendingUsers.bind(other, own, "a third password"))).isFalse();
		get(ONE.signUps.codeSent(mine, own, new CodeHash("k", RIGHT), LIFETIME, (client, until) -> Mono.empty()));
		get(ONE.signUps.guess(mine, RIGHT));
		assertThat(get(ONE.callbacks.verifySignUp(theirs, "Success"))).isFalse();
		assertThat(get(ONE.callbacks.verifySignUp(own.toUpperCase(java.util.Locale.ROOT), "Success"))).isTrue();
		assertThat(get(ONE.callbacks.verifyUserCredentials("guido", PASSWORD))).isNotEmpty();
	}

	@Test
	void aGuidThatIsPendingElsewhereIsRefused() {
		Started first = start("gustav", "gustav@example.org");
		UUID second = begin("gisela", "gisela@example.org");
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> get(ONE.signUps
			.codeSent(second, first.guid(), new CodeHash("k", RIGHT), LIFETIME, (client, until) -> Mono.empty())));
		assertThat(get(ONE.signUps.guess(first.id(), RIGHT))).isInstanceOf(RightCode.class);
	}

	@Test
	void anyOtherClosingCodeClosesThatOneAndNoNewer() {
		Started older = start("clara", "clara@example.org");
		Started newer = start("clara", "clara@example.org");
		assertThat(get(ONE.callbacks.verifySignUp(older.guid(), "Cancelled"))).isTrue();
		assertThat(get(ONE.signUps.guess(newer.id(), RIGHT))).isInstanceOf(RightCode.class);
		assertThat(get(ONE.callbacks.verifySignUp(newer.guid(), "Timeout"))).isTrue();
		assertThat(get(ONE.signUps.guess(newer.id(), RIGHT))).isEqualTo(new Closed(Reason.EXPIRED));
		assertThat(get(ONE.callbacks.verifySignUp(newer.guid(), "Success"))).isFalse();
	}

	@Test
	void aUserIsNotClosedByALateClosingCode() {
		Started late = verified("late", "late@example.org");
		assertThat(get(ONE.callbacks.verifySignUp(late.guid(), "TooManyTries"))).isFalse();
		assertThat(users("late")).isEqualTo(1);
		assertThat(get(ONE.callbacks.verifySignUp(late.guid(), "Success"))).isTrue();
	}

	@Test
	void oneReplicaClaimsARowAndClaimsItAgainOnlyLater() {
		Started id = start("claire", "claire@example.org");
		expire(id);
		get(ONE.closings.expire());
		List<Closing> claims = Flux.merge(ONE.closings.claim(100), TWO.closings.claim(100))
			.filter((closing) -> closing.id().equals(id.id()))
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(claims).hasSize(1);
		assertThat(claimed()).extracting(Closing::id).doesNotContain(id.id());
		get(ONE.closings.untold(id.id()).thenReturn(true));
		assertThat(claimed()).extracting(Closing::id).doesNotContain(id.id());
		DATABASE.raw().execute("UPDATE auth.sign_up SET tell_after = now() WHERE id = '" + id.id() + "'");
		assertThat(claimed()).extracting(Closing::id).contains(id.id());
		get(ONE.closings.told(id.id()).thenReturn(true));
		DATABASE.raw().execute("UPDATE auth.sign_up SET tell_after = now() WHERE id = '" + id.id() + "'");
		assertThat(claimed()).extracting(Closing::id).doesNotContain(id.id());
	}

	@Test
	void whatIsOverIsForgotten() {
		Started closed = start("gone", "gone@example.org");
		get(ONE.callbacks.verifySignUp(closed.guid(), "Cancelled"));
		UUID failed = begin("gone2", "gone2@example.org");
		get(ONE.signUps.failed(failed).thenReturn(true));
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET created_at = now() - interval '31 days' WHERE login LIKE 'gone%'");
		get(ONE.closings.forget().thenReturn(true));
		assertThat(get(ONE.signUps.state(closed.id()))).isEqualTo(new Closed(Reason.EXPIRED));
		assertThat(text(
				"SELECT login || contact || coalesce(email, '') FROM auth.sign_up WHERE id = '" + closed.id() + "'"))
			.isEmpty();
		assertThat(text("SELECT count(*) FROM auth.sign_up WHERE id = '" + failed + "'")).isEqualTo("0");
	}

	@Test
	void thePasswordOfOneThatExpiredWhileNobodyLookedAfterItIsForgotten() {
		Started expired = start("unseen", "unseen@example.org");
		expire(expired);
		get(ONE.closings.expire());
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET closed_at = now() - interval '2 days' WHERE id = '" + expired.id() + "'");
		String hashes = "SELECT count(password_hash) FROM auth.pending_user WHERE sign_up_id = '" + expired.id() + "'";
		assertThat(text(hashes)).isEqualTo("1");
		get(ONE.closings.forget().thenReturn(true));
		assertThat(text(hashes)).isEqualTo("0");
	}

	private static Messages.UserExistance existsBefore(String login, String email, @Nullable String phone) {
		Messages.UserCreationResult result = get(
				ONE.backend.addUser(new Messages.UserCredentials(login, email, phone, PASSWORD, null)));
		assertThat(result.isUserAdded()).isFalse();
		return result.userExistanceBefore();
	}

	private static Started verified(String login, String email) {
		Started started = start(login, email);
		succeed(started);
		return started;
	}

	private static void succeed(Started started) {
		get(ONE.signUps.guess(started.id(), RIGHT));
		assertThat(get(ONE.callbacks.verifySignUp(started.guid(), "Success"))).isTrue();
		assertThat(settle(ONE, started.id())).isInstanceOf(Completed.class);
	}

	/** Its user is there, and nobody has been told. */
	private static Started promoted(String login) {
		Started started = start(login, login + "@example.org");
		get(ONE.signUps.guess(started.id(), RIGHT));
		assertThat(get(ONE.callbacks.verifySignUp(started.guid(), "Success"))).isTrue();
		return started;
	}

	/** Completed some seconds ago, after that many wrong codes. */
	private static Started unanswered(String login, int wrong) {
		Started started = start(login, login + "@example.org");
		for (int i = 0; i < wrong; i++) {
			get(ONE.signUps.guess(started.id(), WRONG));
		}
		succeed(started);
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET closed_at = closed_at - interval '5 seconds' WHERE id = '" + started.id()
					+ "'");
		return started;
	}

	private static void completingTakes(String howLong, Started started) {
		DATABASE.raw().execute("""
				CREATE FUNCTION auth.take_long() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  PERFORM pg_sleep_for('%s');
				  RETURN NULL;
				END $$;
				CREATE CONSTRAINT TRIGGER takes_long AFTER UPDATE ON auth.sign_up DEFERRABLE INITIALLY DEFERRED
				  FOR EACH ROW WHEN (NEW.id = '%s' AND OLD.state = 'pending' AND NEW.state = 'completed')
				  EXECUTE FUNCTION auth.take_long()
				""".formatted(howLong, started.id()));
	}

	private static SignUpState settle(DirectoryFixture replica, UUID id) {
		return get(replica.signUps.settle(id, (client, userId) -> Mono.empty()));
	}

	private static Started start(String login, String email) {
		UUID id = begin(login, email);
		String guid = get(TWO.callbacks.addUser(login, email, null, PASSWORD));
		assertThat(get(ONE.pendingUsers.bind(id, guid, PASSWORD))).isTrue();
		get(ONE.signUps.codeSent(id, guid, new CodeHash("k", RIGHT), LIFETIME, (client, until) -> Mono.empty()));
		return new Started(id, guid);
	}

	private static UUID begin(String login, String email) {
		return get(ONE.signUps.begin(new NewSignUp(Objects.requireNonNull(Login.parse(login)),
				Objects.requireNonNull(Contact.email(email)), email, null, "customer", null, 5)));
	}

	private static void expire(Started started) {
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET code_expires_at = now() - interval '1 second' WHERE id = '" + started.id()
					+ "'");
	}

	private static List<Closing> claimed() {
		return get(TWO.closings.claim(100).collectList());
	}

	private static int users(String login) {
		return Integer
			.parseInt(text("SELECT count(*) FROM auth.user_account WHERE login_normalized = '" + login + "'"));
	}

	private static String text(String sql) {
		List<String> rows = new ArrayList<>();
		try (Connection connection = DATABASE.raw().open();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			while (result.next()) {
				rows.add(result.getString(1));
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
		return String.join(",", rows);
	}

	private static <T> T get(Mono<T> work) {
		return work.blockOptional(SOON).orElseThrow();
	}

	private record Started(UUID id, String guid) {

	}

}
