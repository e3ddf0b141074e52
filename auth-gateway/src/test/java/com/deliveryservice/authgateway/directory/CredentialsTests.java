package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import reactor.test.StepVerifier;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.password.ForeignHashes;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

import static com.deliveryservice.authgateway.directory.Accounts.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

class CredentialsTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final PasswordHashing HASHING = Accounts.newHashing();

	private static final Accounts ACCOUNTS = new Accounts(DATABASE.raw(), HASHING);

	private static final String FOREIGN_PASSWORD = "p\u00E4ssw\u00F6rd-1";

	/** Of "cafe", a combining accent, " au lait", by Python's hashlib. */
	private static final String TYPED = "4e7ft5gmjDN5sbdtM+4wRCZO8Ly80iMyQ+5T4psVFYw";

	private final StoredUsers users = new StoredUsers(DATABASE.database());

	private final Credentials credentials = new Credentials(this.users, HASHING);

	@AfterAll
	static void close() {
		DATABASE.close();
		HASHING.destroy();
	}

	@ParameterizedTest
	@ValueSource(strings = { "vera", "VERA", "\uFF36era" })
	void theRightPasswordGivesTheUser(String login) {
		UUID id = this.users.find(loginOf("vera"))
			.map((found) -> found.user().id())
			.blockOptional(SOON)
			.orElseGet(() -> ACCOUNTS.add("vera", "vera@example.org", "courier"));
		StepVerifier.create(this.credentials.verify(login, PASSWORD)).assertNext((user) -> {
			assertThat(user.id()).isEqualTo(id);
			assertThat(user.userType()).isEqualTo("courier");
		}).expectComplete().verify(SOON);
	}

	@Test
	void wrongUnknownSuspendedAndMissingAreOneAnswer() {
		ACCOUNTS.add("bert", "bert@example.org", "customer");
		UUID suspended = ACCOUNTS.add("susi", "susi@example.org", "customer");
		DATABASE.raw().execute("UPDATE auth.user_account SET status = 'suspended' WHERE id = '" + suspended + "'");
		StepVerifier.create(this.credentials.verify("bert", "wrong")).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify("nobody", PASSWORD)).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify("susi", PASSWORD)).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify("bert", null)).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify(null, PASSWORD)).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify("be\u0000rt", PASSWORD)).expectComplete().verify(SOON);
	}

	@Test
	void aWeakHashIsReplacedAtTheNextSignIn() {
		UUID id = ACCOUNTS.add("olga", "olga@example.org", "customer");
		String weak = "$argon2id$v=19$m=4096,t=1,p=1$" + weakSaltAndTag();
		DATABASE.raw().execute("UPDATE auth.user_account SET password_hash = '" + weak + "' WHERE id = '" + id + "'");
		StepVerifier.create(this.credentials.verify("olga", PASSWORD)).expectNextCount(1).expectComplete().verify(SOON);
		StepVerifier.create(this.users.find(loginOf("olga")))
			.assertNext((found) -> assertThat(found.hash()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$"))
			.expectComplete()
			.verify(SOON);
		StepVerifier.create(this.credentials.verify("olga", PASSWORD)).expectNextCount(1).expectComplete().verify(SOON);
	}

	@ParameterizedTest
	@ValueSource(strings = { "$2b$05$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"pbkdf2_sha256$1000$Zq8sWc0kLmN2aB$Z0eqCsuobIc1E6zxxC8lOM+Yoa5Ux+Wsp2CFj3w0Mms=",
			"$argon2i$v=16$m=1024,t=3,p=1$c29tZXNhbHRzb21l$PKHi7/STLdCFI0CfLm5LE7b7XfcQs8ibKjm+fSaq7Sk",
			"AQAAAAIAAAPoAAAAEGfG1OBXoitHN8FL+YY4zSpSficlJrw0vT5XPbhS72scyV5QEjrnZy/7xXtIn3Uahg==" })
	void aHashOfAnotherSystemIsReplacedAtTheFirstGoodSignIn(String foreign) {
		String login = "taken-over-" + foreign.hashCode();
		UUID id = ACCOUNTS.add(login, login + "@example.org", "customer");
		String stored = ForeignHashes.parse(foreign).encoded();
		DATABASE.raw().execute("UPDATE auth.user_account SET password_hash = '" + stored + "' WHERE id = '" + id + "'");
		StepVerifier.create(this.credentials.verify(login, "wrong")).expectComplete().verify(SOON);
		assertThat(hashOf(login)).isEqualTo(stored);
		StepVerifier.create(this.credentials.verify(login, FOREIGN_PASSWORD))
			.expectNextCount(1)
			.expectComplete()
			.verify(SOON);
		assertThat(hashOf(login)).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
		StepVerifier.create(this.credentials.verify(login, FOREIGN_PASSWORD))
			.expectNextCount(1)
			.expectComplete()
			.verify(SOON);
		StepVerifier.create(this.credentials.verify(login, "wrong")).expectComplete().verify(SOON);
	}

	/** Also one that is nearly as ours are. */
	@ParameterizedTest
	@ValueSource(strings = { "$pbkdf2-sha256$i=3000$c29tZXNhbHRzb21l$" + TYPED,
			"$bcrypt$c=5$c29tZXNhbHRzb21lMTIzNA$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$" + TYPED,
			"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lMTIzNA$" + "c29tZXNhbHRzb21lMTIzNA",
			"$argon2id$v=19$m=19456,t=2,p=16$c29tZXNhbHRzb21lMTIzNA$" + TYPED })
	void whetherSomebodyHasAForeignHashIsFound(String stored) {
		UUID id = ACCOUNTS.add("foreigner", "foreigner@example.org", "customer");
		StoredUsers users = new StoredUsers(DATABASE.database());
		String own = hashOf("foreigner");
		assertThat(users.foreignHashes().collectList().block(SOON)).doesNotContain(own);
		DATABASE.raw().execute("UPDATE auth.user_account SET password_hash = '" + stored + "' WHERE id = '" + id + "'");
		assertThat(users.foreignHashes().collectList().block(SOON)).contains(stored);
		DATABASE.raw().execute("DELETE FROM auth.user_account WHERE id = '" + id + "'");
	}

	@Test
	void howLongForeignHashesTakeIsFoundOutBeforeAnybodySignsInWithOne() {
		UUID id = ACCOUNTS.add("slow", "slow@example.org", "customer");
		DATABASE.raw()
			.execute("UPDATE auth.user_account SET password_hash = '$pbkdf2-sha256$i=300000$c29tZXNhbHRzb21l$" + TYPED
					+ "' WHERE id = '" + id + "'");
		PasswordHashing hashing = Accounts.newHashing();
		ForeignHashRounds rounds = new ForeignHashRounds(DATABASE.database(), new StoredUsers(DATABASE.database()),
				hashing);
		assertThat(hashing.longestComparison("x")).isZero();
		StepVerifier.create(rounds.round()).expectComplete().verify(SOON);
		assertThat(hashing.longestComparison("x")).isGreaterThan(Duration.ofMillis(20));
		DATABASE.raw().execute("DELETE FROM auth.user_account WHERE id = '" + id + "'");
		hashing.destroy();
	}

	/** macOS hands on what the keyboard composed of two characters. */
	@Test
	void anotherSystemMayHaveHashedWhatWasTyped() {
		UUID id = ACCOUNTS.add("decomposed", "decomposed@example.org", "customer");
		String stored = ForeignHashes.parse("$pbkdf2-sha256$i=1000$c29tZXNhbHRzb21l$" + TYPED).encoded();
		DATABASE.raw().execute("UPDATE auth.user_account SET password_hash = '" + stored + "' WHERE id = '" + id + "'");
		StepVerifier.create(this.credentials.verify("decomposed", "caf\u00E9 au lait")).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify("decomposed", "cafe\u0301 au lait"))
			.expectNextCount(1)
			.expectComplete()
			.verify(SOON);
		StepVerifier.create(this.credentials.verify("decomposed", "caf\u00E9 au lait"))
			.expectNextCount(1)
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void aFormerPepperVerifiesAndIsReplacedAtTheNextSignIn() {
		ACCOUNTS.add("peppi", "peppi@example.org", "customer");
		signInWith("peppi", "A".repeat(43) + "=");
		String first = hashOf("peppi");
		assertThat(first).contains(",keyid=");
		signInWith("peppi", "B".repeat(43) + "=", "A".repeat(43) + "=");
		assertThat(hashOf("peppi")).contains(",keyid=").isNotEqualTo(first);
		signInWith("peppi", "B".repeat(43) + "=");
	}

	@Test
	void aMissingPepperIsOurFaultAndNoWrongPassword() {
		ACCOUNTS.add("pepita", "pepita@example.org", "customer");
		signInWith("pepita", "A".repeat(43) + "=");
		StepVerifier.create(this.credentials.verify("pepita", PASSWORD))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(ProblemException.class,
					(problem) -> assertThat(problem.problem().code()).isEqualTo(ProblemCode.SERVICE_UNAVAILABLE)))
			.verify(SOON);
	}

	@Test
	void whoHasNoPasswordYetIsRefusedAsAnybody() {
		UUID id = ACCOUNTS.add("nopass", "nopass@example.org", "customer");
		DATABASE.raw()
			.execute("UPDATE auth.user_account SET password_hash = '" + PasswordHashing.NO_PASSWORD + "' WHERE id = '"
					+ id + "'");
		StepVerifier.create(this.credentials.verify("nopass", PASSWORD)).expectComplete().verify(SOON);
		StepVerifier.create(this.credentials.verify("nopass", PasswordHashing.NO_PASSWORD))
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void whoIsFoundById() {
		UUID id = ACCOUNTS.add("Nora", "Nora@example.org", "kitchen");
		StepVerifier.create(this.users.signedIn(id).then(this.users.find(id)))
			.assertNext((user) -> assertThat(user).returns("Nora", User::login)
				.returns("Nora@example.org", User::email)
				.returns(User.Status.ACTIVE, User::status))
			.expectComplete()
			.verify(SOON);
		StepVerifier.create(this.users.find(UUID.randomUUID())).expectComplete().verify(SOON);
	}

	private void signInWith(String login, String pepper, String... former) {
		PasswordHashing hashing = Accounts.newHashing(pepper, former);
		try {
			StepVerifier.create(new Credentials(this.users, hashing).verify(login, PASSWORD))
				.expectNextCount(1)
				.expectComplete()
				.verify(SOON);
		}
		finally {
			hashing.destroy();
		}
	}

	private String hashOf(String login) {
		return this.users.find(loginOf(login)).map(StoredUsers.WithHash::hash).blockOptional(SOON).orElseThrow();
	}

	private static String weakSaltAndTag() {
		String encoded = Objects.requireNonNull(new Argon2PasswordEncoder(16, 32, 1, 4096, 1).encode(PASSWORD));
		return encoded.substring(encoded.indexOf("p=1$") + 4);
	}

	private static Login loginOf(String text) {
		return Objects.requireNonNull(Login.parse(text));
	}

}
