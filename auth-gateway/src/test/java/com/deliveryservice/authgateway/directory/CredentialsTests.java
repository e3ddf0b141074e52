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

import static com.deliveryservice.authgateway.directory.Accounts.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

class CredentialsTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final PasswordHashing HASHING = Accounts.newHashing();

	private static final Accounts ACCOUNTS = new Accounts(DATABASE.raw(), HASHING);

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

	private static String weakSaltAndTag() {
		String encoded = Objects.requireNonNull(new Argon2PasswordEncoder(16, 32, 1, 4096, 1).encode(PASSWORD));
		return encoded.substring(encoded.indexOf("p=1$") + 4);
	}

	private static Login loginOf(String text) {
		return Objects.requireNonNull(Login.parse(text));
	}

}
