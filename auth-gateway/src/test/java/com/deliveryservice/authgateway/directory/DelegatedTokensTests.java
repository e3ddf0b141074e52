package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.directory.Messages.SessionToken;

import static org.assertj.core.api.Assertions.assertThat;

class DelegatedTokensTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final MigratedDatabase DATABASE = MigratedDatabase.create();

	private static final PasswordHashing HASHING = Accounts.newHashing();

	private static final UUID BERT = new Accounts(DATABASE.raw(), HASHING).add("bert", "bert@example.org", "courier");

	private final Callbacks callbacks = new DirectoryFixture(DATABASE, HASHING).callbacks;

	@AfterAll
	static void close() {
		DATABASE.close();
		HASHING.destroy();
	}

	@Test
	void aNewSignInMovesTheEndAndAnExpiredTokenIsReplaced() {
		String anna = new Accounts(DATABASE.raw(), HASHING).add("anna", "anna@example.org", "courier").toString();
		SessionToken first = token(anna);
		assertThat(UUID.fromString(first.tokenGuid()).version()).isEqualTo(8);
		assertThat(first.userType()).isEqualTo("courier");
		assertThat(Duration.between(Instant.parse(String.valueOf(first.tokenBeginDt())),
				Instant.parse(String.valueOf(first.tokenEndDt()))))
			.isEqualTo(Duration.ofHours(5));
		SessionToken second = token(anna);
		assertThat(second.tokenGuid()).isEqualTo(first.tokenGuid());
		assertThat(second.tokenBeginDt()).isEqualTo(first.tokenBeginDt());
		assertThat(Instant.parse(String.valueOf(second.tokenEndDt())))
			.isAfter(Instant.parse(String.valueOf(first.tokenEndDt())));
		DATABASE.raw().execute("UPDATE auth.delegated_token SET ends_at = now() - interval '1 second'");
		SessionToken third = token(anna);
		assertThat(third.tokenGuid()).isNotEqualTo(first.tokenGuid());
		assertThat(third.toString()).doesNotContain(third.tokenGuid());
	}

	@Test
	void theTokenIsNotInTheTable() {
		String guid = token(BERT.toString()).tokenGuid();
		String row = DATABASE.database()
			.one((client) -> client.sql("SELECT t::text AS row FROM auth.delegated_token AS t WHERE user_id = :id")
				.bind("id", BERT)
				.map((found) -> String.valueOf(found.get("row")))
				.one())
			.blockOptional(SOON)
			.orElseThrow();
		assertThat(row).doesNotContain(guid);
	}

	@ParameterizedTest
	@ValueSource(strings = { "00000000-0000-4000-8000-000000000000", "nobody", "" })
	void nobodyGetsAnEmptyOne(String userUid) {
		assertThat(token(userUid)).isEqualTo(new SessionToken("", null, null, null));
	}

	@Test
	void aSuspendedUserGetsAnEmptyOne() {
		UUID suspended = new Accounts(DATABASE.raw(), HASHING).add("susi", "susi@example.org", "customer");
		assertThat(token(suspended.toString()).tokenGuid()).isNotEmpty();
		DATABASE.raw().execute("UPDATE auth.user_account SET status = 'suspended' WHERE id = '" + suspended + "'");
		assertThat(token(suspended.toString()).tokenGuid()).isEmpty();
	}

	private SessionToken token(String userUid) {
		return this.callbacks.token(userUid).blockOptional(SOON).orElseThrow();
	}

}
