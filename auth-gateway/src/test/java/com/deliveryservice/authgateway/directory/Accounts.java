package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.password.PepperSettings;
import com.deliveryservice.authgateway.password.Peppers;
import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * Users for tests, written straight into the table.
 *
 * @param database where
 * @param hashing how
 */
record Accounts(TestDatabase database, PasswordHashing hashing) {

	static final String PASSWORD = "correct horse battery";

	static PasswordHashing newHashing() {
		return newHashing(null);
	}

	/**
	 * With a pepper and former ones.
	 */
	static PasswordHashing newHashing(@Nullable String pepper, String... former) {
		return new PasswordHashing(settings(), peppers(pepper, former), new SimpleMeterRegistry());
	}

	static Peppers peppers(@Nullable String pepper, String... former) {
		return new Peppers(new PepperSettings(pepper, List.of(former)));
	}

	static DirectorySettings settings() {
		return new DirectorySettings(true, true, Duration.ofHours(5),
				new DirectorySettings.Hashing(2, 50, Duration.ofSeconds(10)));
	}

	UUID add(String login, String email, String userType) {
		UUID id = UUID.randomUUID();
		String hash = this.hashing.hash(PASSWORD).block(Duration.ofSeconds(10));
		this.database.execute("""
				INSERT INTO auth.user_account (id, login, login_normalized, email, verified_contact_kind,
				  verified_contact, user_type, password_hash)
				VALUES ('%s', '%s', '%s', '%s', 'email', '%s', '%s', '%s')
				""".formatted(id, login, Login.fold(login), email, Login.fold(email), userType, hash));
		return id;
	}

}
