package com.deliveryservice.authgateway.account;

import java.util.List;
import java.util.UUID;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.Fault;
import com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.Told;
import com.deliveryservice.authgateway.directory.Invitations;
import com.deliveryservice.authgateway.directory.PasswordResets;
import com.deliveryservice.authgateway.directory.SignUpClosings;
import com.deliveryservice.authgateway.protection.WindowCounts;
import com.deliveryservice.authgateway.workflowauth.SignUpClosingCode;

import static com.deliveryservice.authgateway.account.ScriptedWorkflowAuth.CODE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What workflow-auth is told later, on two replicas.
 */
class SignUpHousekeepingTests extends SignUpApiTest {

	@Autowired
	private SignUpClosings closings;

	@Autowired
	private Invitations invitations;

	@Autowired
	private PasswordResets resets;

	@Autowired
	private WindowCounts counts;

	@BeforeEach
	void nothingIsLeftToTell() {
		DATABASE.raw().execute("UPDATE auth.sign_up SET told_at = now() WHERE closing_code IS NOT NULL");
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET code_expires_at = now() + interval '1 day' WHERE state = 'pending'");
	}

	@Test
	void theFifthWrongCodeIsToldAsTooManyTries() {
		UUID id = signedUp(body(someone()));
		for (int i = 0; i < 5; i++) {
			verify(id, "000000");
		}
		assertThat(this.workflowAuth.told).isEmpty();
		round();
		assertThat(this.workflowAuth.told).containsExactly(new Told(guidOf(id), 5, SignUpClosingCode.TOO_MANY_TRIES));
		round();
		assertThat(this.workflowAuth.told).hasSize(1);
	}

	@Test
	void anExpiredCodeIsToldAsTimeout() {
		UUID id = signedUp(body(someone()));
		DATABASE.raw().execute("UPDATE auth.sign_up SET code_expires_at = now() WHERE id = '" + id + "'");
		round();
		assertThat(this.workflowAuth.told).containsExactly(new Told(guidOf(id), 0, SignUpClosingCode.TIMEOUT));
		expectClosed(verify(id, CODE), "expired");
	}

	@Test
	void anOverriddenOneIsToldAndTheNewerStaysOpen() {
		String login = someone();
		UUID older = signedUp(body(login));
		UUID newer = signedUp(body(login));
		round();
		assertThat(this.workflowAuth.told).containsExactly(new Told(guidOf(older), 0, SignUpClosingCode.OVERRIDDEN));
		verify(newer, CODE).expectStatus().isNoContent();
	}

	@Test
	void oneThatIsVerifiedIsToldOnlyOnce() {
		verify(signedUp(body(someone())), CODE).expectStatus().isNoContent();
		round();
		assertThat(this.workflowAuth.told).extracting(Told::closingCode).containsExactly(SignUpClosingCode.SUCCESS);
	}

	@Test
	void whileWorkflowAuthIsAwayItIsToldLater() {
		UUID id = signedUp(body(someone()));
		DATABASE.raw().execute("UPDATE auth.sign_up SET code_expires_at = now() WHERE id = '" + id + "'");
		this.workflowAuth.verifyFault(Fault.AWAY);
		round();
		this.workflowAuth.verifyFault(Fault.NONE);
		round();
		assertThat(this.workflowAuth.told).isEmpty();
		DATABASE.raw().execute("UPDATE auth.sign_up SET tell_after = now() WHERE id = '" + id + "'");
		round();
		assertThat(this.workflowAuth.told).hasSize(1);
	}

	@Test
	void afterADayItIsGivenUp() {
		UUID id = signedUp(body(someone()));
		for (int i = 0; i < 5; i++) {
			verify(id, "000000");
		}
		DATABASE.raw()
			.execute("UPDATE auth.sign_up SET closed_at = now() - interval '25 hours' WHERE id = '" + id + "'");
		round();
		assertThat(this.workflowAuth.told).isEmpty();
	}

	@Test
	void twoReplicasTellEachOnce() {
		List<UUID> ids = List.of(signedUp(body(someone())), signedUp(body(someone())), signedUp(body(someone())));
		ids.forEach((id) -> DATABASE.raw()
			.execute("UPDATE auth.sign_up SET code_expires_at = now() WHERE id = '" + id + "'"));
		Mono.when(housekeeping().round(1), housekeeping().round(1), housekeeping().round(1)).block(SOON);
		round();
		assertThat(this.workflowAuth.told).extracting(Told::guid)
			.containsExactlyInAnyOrderElementsOf(ids.stream().map(SignUpHousekeepingTests::guidOf).toList());
	}

	@Test
	void anInvitationThatNobodyUsedIsForgottenAMonthAfterItsEnd() {
		String signUp = signedUp(body(someone())).toString();
		DATABASE.raw().execute("""
				INSERT INTO auth.invitation (digest, user_type, email, expires_at, revoked_at, used_at)
				SELECT sha256(kind::bytea), 'courier', kind,
				  now() - CASE WHEN kind = 'lately' THEN interval '29 days' ELSE interval '31 days' END,
				  CASE WHEN kind = 'revoked' THEN now() END, CASE WHEN kind = 'used' THEN now() END
				FROM unnest(ARRAY['expired', 'revoked', 'lately', 'used', 'tried']) AS kind;
				UPDATE auth.sign_up SET invitation_id = (SELECT id FROM auth.invitation WHERE email = 'tried')
				WHERE id = '%s'""".formatted(signUp));
		round();
		assertThat(DATABASE.database()
			.many((client) -> client.sql("SELECT email FROM auth.invitation ORDER BY email")
				.map((row) -> String.valueOf(row.get(0)))
				.all())
			.collectList()
			.block(SOON)).containsExactly("lately", "tried", "used");
	}

	@Test
	void itRunsByItself() {
		UUID id = signedUp(body(someone()));
		DATABASE.raw().execute("UPDATE auth.sign_up SET code_expires_at = now() WHERE id = '" + id + "'");
		SignUpHousekeeping housekeeping = housekeeping();
		housekeeping.start();
		try {
			assertThat(housekeeping.isRunning()).isTrue();
			Awaitility.await().atMost(SOON).until(() -> this.workflowAuth.told.size() == 1);
		}
		finally {
			housekeeping.stop();
		}
		assertThat(housekeeping.isRunning()).isFalse();
	}

	private void round() {
		housekeeping().round(0).block(SOON);
	}

	private SignUpHousekeeping housekeeping() {
		return new SignUpHousekeeping(DATABASE.database(), this.closings, this.invitations, this.resets, this.counts,
				this.workflowAuth);
	}

	private static String guidOf(UUID id) {
		return DATABASE.database()
			.one((client) -> client.sql("SELECT sign_up_guid FROM auth.sign_up WHERE id = :id")
				.bind("id", id)
				.map((row) -> String.valueOf(row.get(0)))
				.one())
			.blockOptional(SOON)
			.orElseThrow();
	}

}
