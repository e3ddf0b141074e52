package com.deliveryservice.authgateway.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import com.deliveryservice.authgateway.audit.AuditFixture;

import static com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.CODE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signing up by invitation, where customers may not sign up by themselves.
 */
@TestPropertySource(properties = "auth-gateway.sign-up.enabled=false")
class SignUpInvitationTests extends SignUpApiTest {

	@Autowired
	private AuditFixture audit;

	@Test
	void withoutOneNobodySignsUp() {
		expectProblem(signUp(body(someone())), 403, "sign-up-not-allowed");
		assertThat(this.workflowAuth.added).isEmpty();
	}

	@Test
	void oneMakesOneUserOfItsTypeAndIsUsedUpByTheVerification() {
		String secret = invitation("courier", null, "72 hours");
		String one = someone();
		String other = someone();
		UUID first = signedUp(invited(one, secret));
		UUID second = signedUp(invited(other, secret));
		verify(second, CODE).expectStatus().isNoContent();
		assertThat(typeOf(other)).isEqualTo("courier");
		assertThat(this.audit.column(
				"SELECT user_type || ' ' || i.id FROM auth.invitation i WHERE digest = '\\x" + digest(secret) + "'"))
			.isEqualTo(this.audit.column("SELECT concat_ws(' ', detail::json ->> 'user_type', "
					+ "detail::json ->> 'invitation_id') FROM auth.audit_event WHERE type = 'user_created' AND user_id = "
					+ "(SELECT id FROM auth.user_account WHERE login = '" + other + "')"));
		expectProblem(verify(first, CODE), 403, "sign-up-not-allowed");
		assertThat(canSignIn(one)).isFalse();
		expectProblem(signUp(invited(someone(), secret)), 403, "sign-up-not-allowed");
	}

	@Test
	void anExpiredOrRevokedOneIsNone() {
		expectProblem(signUp(invited(someone(), invitation("courier", null, "-1 second"))), 403, "sign-up-not-allowed");
		String revoked = invitation("courier", null, "72 hours");
		DATABASE.raw().execute("UPDATE auth.invitation SET revoked_at = now()");
		expectProblem(signUp(invited(someone(), revoked)), 403, "sign-up-not-allowed");
		expectProblem(signUp(invited(someone(), "")), 403, "sign-up-not-allowed");
		expectProblem(signUp(invited(someone(), "x".repeat(5000))), 403, "sign-up-not-allowed");
		expectProblem(signUp(invited(someone(), invitation("no-such-type", null, "72 hours"))), 403,
				"sign-up-not-allowed");
	}

	@Test
	void oneIsVoidOnceItsInviterMayNotGiveIt() {
		UUID manager = UUID.randomUUID();
		DATABASE.raw().execute("""
				INSERT INTO auth.user_account (id, login, login_normalized, verified_contact_kind, verified_contact,
				  user_type, password_hash)
				VALUES ('%1$s', '%1$s', '%1$s', 'email', '%1$s', 'manager', 'x')""".formatted(manager));
		expectProblem(signUp(invited(someone(), invitation("admin", manager, "72 hours"))), 403, "sign-up-not-allowed");
		UUID id = signedUp(invited(someone(), invitation("kitchen", manager, "72 hours")));
		DATABASE.raw().execute("UPDATE auth.user_account SET status = 'suspended' WHERE id = '" + manager + "'");
		expectProblem(verify(id, CODE), 403, "sign-up-not-allowed");
	}

	@Test
	void oneThatExpiresWhileTheCodeIsOnItsWayIsStillGood() {
		String secret = invitation("courier", null, "1 hour");
		UUID id = signedUp(invited(someone(), secret));
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET created_at = now() - interval '2 minutes' WHERE id = '" + id + "'");
		DATABASE.raw()
			.execute("UPDATE auth.invitation SET expires_at = now() - interval '1 minute' WHERE digest = '\\x"
					+ digest(secret) + "'");
		verify(id, CODE).expectStatus().isNoContent();
	}

	private static String invited(String login, String secret) {
		return body(login).replace("{", "{\"invitation\":\"" + secret + "\",");
	}

	private static String invitation(String userType, @Nullable UUID inviter, String lifetime) {
		String secret = "invitation-" + UUID.randomUUID();
		DATABASE.raw()
			.execute("""
					INSERT INTO auth.invitation (digest, user_type, inviter_id, expires_at)
					VALUES ('\\x%s', '%s', %s, now() + interval '%s')""".formatted(digest(secret), userType,
					(inviter != null) ? "'" + inviter + "'" : "NULL", lifetime));
		return secret;
	}

	private static String digest(String secret) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String typeOf(String login) {
		return DATABASE.database()
			.one((client) -> client.sql("SELECT user_type FROM auth.user_account WHERE login_normalized = :login")
				.bind("login", login)
				.map((row) -> String.valueOf(row.get(0)))
				.one())
			.blockOptional(SOON)
			.orElse("");
	}

}
