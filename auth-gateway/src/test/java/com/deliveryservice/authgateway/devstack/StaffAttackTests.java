package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Staff that is up to no good, or does two things at once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StaffAttackTests {

	private static final String SUSPEND = "{\"status\":\"suspended\"}";

	private static final String COURIER = "{\"user_type\":\"courier\"}";

	private static final String ACTIVE_ADMINS = "SELECT login FROM auth.user_account WHERE user_type = 'admin' "
			+ "AND status = 'active'";

	private DevStack stack;

	private Staff staff;

	@BeforeAll
	void start() {
		this.stack = DevStack.startOnFreePorts();
		this.staff = new Staff(this.stack);
	}

	@AfterAll
	void stop() {
		this.stack.close();
	}

	@Test
	void ofTwoAdminsWhoSuspendEachOtherAtOnceOneStays() {
		String second = this.staff.hire("chief", "admin");
		String first = this.staff.column("SELECT id FROM auth.user_account WHERE login = 'admin'").get(0);
		for (String change : List.of(SUSPEND, "{\"user_type\":\"customer\"}", SUSPEND, "{\"user_type\":\"manager\"}")) {
			String a = this.staff.tokenOf("admin");
			String b = this.staff.tokenOf("chief");
			CompletableFuture<HttpResponse<String>> one = this.staff.calling(a, "PATCH", "/auth/users/" + second,
					change);
			CompletableFuture<HttpResponse<String>> other = this.staff.calling(b, "PATCH", "/auth/users/" + first,
					change);
			List<HttpResponse<String>> answers = List.of(App.answerOf(one), App.answerOf(other));
			assertThat(this.staff.column(ACTIVE_ADMINS)).hasSize(1);
			assertThat(answers).extracting(HttpResponse::statusCode).containsOnlyOnce(200).isSubsetOf(200, 401, 403);
			this.staff.execute("UPDATE auth.user_account SET user_type = 'admin', status = 'active' "
					+ "WHERE login IN ('admin', 'chief')");
		}
		this.staff.execute("UPDATE auth.user_account SET status = 'suspended' WHERE login = 'chief'");
	}

	@Test
	void whatAManagerInvitedToIsVoidForGoodOnceTheManagerIsSuspended() {
		String id = this.staff.hire("boss", "manager");
		String token = this.staff.tokenOf("boss");
		JsonNode given = App.json(this.staff.call(token, "POST", "/auth/invitations", "{\"user_type\":\"courier\"}"));
		assertThat(signUp("early", given.path("invitation").asString()).statusCode()).isEqualTo(202);
		String admin = this.staff.tokenOf("admin");
		assertThat(this.staff.call(admin, "PATCH", "/auth/users/" + id, SUSPEND).statusCode()).isEqualTo(200);
		assertThat(signUp("later", given.path("invitation").asString()).statusCode()).isEqualTo(403);
		assertThat(this.staff.call(admin, "GET", "/auth/invitations", null).body())
			.doesNotContain(given.path("id").asString());
		this.staff.call(admin, "PATCH", "/auth/users/" + id, "{\"status\":\"active\"}");
		assertThat(signUp("after", given.path("invitation").asString()).statusCode()).as("for good").isEqualTo(403);
		assertThat(verification("early").statusCode()).as("begun before, and not verified in time").isEqualTo(403);
		assertThat(this.staff.column("SELECT count(*) FROM auth.audit_event WHERE type = 'invitation_revoked' "
				+ "AND detail LIKE '%" + given.path("id").asString() + "%'"))
			.containsExactly("1");
	}

	@Test
	void ofSomebodyWhoIsDemotedOnlyWhatTheNewTypeMayGiveStays() {
		String id = this.staff.hire("sub-admin", "admin");
		String token = this.staff.tokenOf("sub-admin");
		String asCourier = invitation(token, "courier");
		String asAdmin = invitation(token, "admin");
		String admin = this.staff.tokenOf("admin");
		assertThat(this.staff.call(admin, "PATCH", "/auth/users/" + id, "{\"user_type\":\"manager\"}").statusCode())
			.isEqualTo(200);
		assertThat(signUp("as-admin", asAdmin).statusCode()).isEqualTo(403);
		assertThat(signUp("as-courier", asCourier).statusCode()).isEqualTo(202);
	}

	@Test
	void whoeverGaveThousandsOfInvitationsIsSuspendedByOneRequestAndAllAreVoid() {
		String id = this.staff.hire("generous", "manager");
		open(id, 3000);
		HttpResponse<String> answer = this.staff.call(this.staff.tokenOf("admin"), "PATCH", "/auth/users/" + id,
				SUSPEND);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(this.staff
			.column("SELECT count(*) FROM auth.invitation WHERE inviter_id = '" + id + "' AND revoked_at IS NOT NULL"))
			.containsExactly("3000");
		String told = "FROM auth.audit_event WHERE type = 'invitation_revoked' AND detail LIKE '%" + id + "%'";
		assertThat(this.staff.column("SELECT count(*) " + told)).containsExactly("1001");
		assertThat(this.staff.column("SELECT detail::json ->> 'more' " + told + " AND detail LIKE '%more%'"))
			.containsExactly("2000");
	}

	@Test
	void whatEndedLongAgoIsNotRevokedAndWhatEndedJustNowIs() {
		String id = this.staff.hire("early-bird", "manager");
		open(id, 2);
		this.staff.execute("UPDATE auth.invitation SET expires_at = now() - interval '3 days' WHERE id = (SELECT id "
				+ "FROM auth.invitation WHERE inviter_id = '" + id + "' LIMIT 1)");
		this.staff.execute("UPDATE auth.invitation SET expires_at = now() - interval '1 minute' WHERE inviter_id = '"
				+ id + "' AND expires_at > now()");
		assertThat(this.staff.call(this.staff.tokenOf("admin"), "PATCH", "/auth/users/" + id, SUSPEND).statusCode())
			.isEqualTo(200);
		assertThat(this.staff
			.column("SELECT revoked_at IS NOT NULL FROM auth.invitation WHERE inviter_id = '" + id + "' ORDER BY 1"))
			.containsExactly("f", "t");
	}

	@Test
	void nobodyHasMoreThanAThousandInvitationsOpenAlsoNotByGivingTwoAtOnce() {
		String id = this.staff.hire("busy", "manager");
		open(id, 999);
		String token = this.staff.tokenOf("busy");
		List<CompletableFuture<HttpResponse<String>>> giving = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			giving.add(this.staff.calling(token, "POST", "/auth/invitations", COURIER));
		}
		List<HttpResponse<String>> answers = giving.stream().map(App::answerOf).toList();
		assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(201, 429, 429, 429);
		HttpResponse<String> refused = this.staff.call(token, "POST", "/auth/invitations", COURIER);
		assertThat(App.code(refused)).isEqualTo("too-many-requests");
		assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow())).isBetween(1L, 259_200L);
		assertThat(this.staff.call(this.staff.tokenOf("manager"), "POST", "/auth/invitations", COURIER).statusCode())
			.as("somebody else's are counted apart")
			.isEqualTo(201);
		String given = this.staff.column("SELECT id FROM auth.invitation WHERE inviter_id = '" + id + "' LIMIT 1")
			.get(0);
		assertThat(this.staff.call(token, "DELETE", "/auth/invitations/" + given, null).statusCode()).isEqualTo(204);
		assertThat(this.staff.call(token, "POST", "/auth/invitations", COURIER).statusCode()).isEqualTo(201);
		await().atMost(App.PATIENCE)
			.until(() -> this.staff
				.column("SELECT detail FROM auth.audit_event WHERE type = 'throttled' AND actor_id = '" + id + "'")
				.contains("{\"limit\":\"invitations\"}"));
	}

	@Test
	void aSuspendedManagersTokenIsGoodForNothing() {
		String id = this.staff.hire("gone", "manager");
		String courier = this.staff.hire("still-here", "courier");
		String token = this.staff.tokenOf("gone");
		assertThat(this.staff.call(this.staff.tokenOf("admin"), "PATCH", "/auth/users/" + id, SUSPEND).statusCode())
			.isEqualTo(200);
		for (HttpResponse<String> answer : List.of(
				this.staff.call(token, "POST", "/auth/invitations", "{\"user_type\":\"courier\"}"),
				this.staff.call(token, "GET", "/auth/users", null),
				this.staff.call(token, "PATCH", "/auth/users/" + courier, SUSPEND),
				this.staff.call(token, "DELETE", "/auth/users/" + courier + "/sessions", null))) {
			assertThat(answer.statusCode()).isEqualTo(401);
		}
	}

	/** As if the other replica's word about the end of the sessions had not come yet. */
	@Test
	void evenIfItsEndIsNotKnownYetItChangesNothing() {
		this.staff.hire("half-gone", "manager");
		String courier = this.staff.hire("untouched", "courier");
		String token = this.staff.tokenOf("half-gone");
		this.staff.call(this.staff.tokenOf("manager"), "POST", "/auth/invitations", COURIER);
		String invitation = this.staff.column("SELECT id FROM auth.invitation ORDER BY created_at DESC LIMIT 1").get(0);
		this.staff.execute("UPDATE auth.user_account SET status = 'suspended' WHERE login = 'half-gone'");
		for (HttpResponse<String> answer : List.of(
				this.staff.call(token, "POST", "/auth/invitations", "{\"user_type\":\"courier\"}"),
				this.staff.call(token, "DELETE", "/auth/invitations/" + invitation, null),
				this.staff.call(token, "DELETE", "/auth/invitations/x", null),
				this.staff.call(token, "PATCH", "/auth/users/" + courier, SUSPEND),
				this.staff.call(token, "DELETE", "/auth/users/" + courier + "/sessions", null))) {
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
			assertThat(App.code(answer)).isEqualTo("not-allowed");
		}
		assertThat(this.staff.column("SELECT status FROM auth.user_account WHERE login = 'untouched'"))
			.containsExactly("active");
		assertThat(this.staff.column("SELECT revoked_at FROM auth.invitation WHERE id = '" + invitation + "'"))
			.containsOnlyNulls();
	}

	@Test
	void pagesHoldEverybodyOnceWhoeverComesMeanwhile() {
		for (int i = 0; i < 7; i++) {
			this.staff.hire("paged-" + i, "warehouse");
		}
		String admin = this.staff.tokenOf("admin");
		List<String> seen = new ArrayList<>();
		String token = "";
		do {
			JsonNode page = App.json(this.staff.call(admin, "GET",
					"/auth/users?user_type=warehouse&status=active&page_size=2" + token, null));
			page.path("users").forEach((user) -> seen.add(user.path("login").asString()));
			JsonNode next = page.path("next_page_token");
			token = next.isString() ? "&page_token=" + next.asString() : "";
			this.staff.execute("UPDATE auth.user_account SET created_at = now() WHERE id = '"
					+ this.staff.hire("newcomer-" + seen.size(), "warehouse") + "'");
		}
		while (!token.isEmpty());
		assertThat(seen).containsExactlyInAnyOrder("paged-0", "paged-1", "paged-2", "paged-3", "paged-4", "paged-5",
				"paged-6");
	}

	@Test
	void aPageTokenIsGoodOnlyAsItWasGivenAndForTheListThatItBelongsTo() {
		this.staff.hire("token-1", "kitchen");
		this.staff.hire("token-2", "kitchen");
		String admin = this.staff.tokenOf("admin");
		String list = "/auth/users?user_type=kitchen&page_size=1";
		String token = App.json(this.staff.call(admin, "GET", list, null)).path("next_page_token").asString();
		assertThat(this.staff.call(admin, "GET", list + "&page_token=" + token, null).statusCode()).isEqualTo(200);
		String manager = this.staff.tokenOf("manager");
		assertThat(this.staff.call(manager, "GET", list + "&page_token=" + token, null).statusCode())
			.as("the same list of the same people")
			.isEqualTo(200);
		List<String> wrong = new ArrayList<>(List.of("x", "", "A".repeat(token.length()), token + "A",
				token.substring(1) + token.charAt(0), "%00", farAway()));
		for (int at = 0; at < token.length(); at += 7) {
			wrong.add(token.substring(0, at) + ((token.charAt(at) == 'A') ? 'B' : 'A') + token.substring(at + 1));
		}
		for (String made : wrong) {
			assertThat(this.staff.call(admin, "GET", list + "&page_token=" + made, null).statusCode()).as(made)
				.isEqualTo(400);
		}
		for (String other : List.of("/auth/users?user_type=courier", "/auth/users?",
				"/auth/users?user_type=kitchen&status=active", "/auth/users?user_type=kitchen&login=token-1")) {
			assertThat(this.staff.call(admin, "GET", other + "&page_token=" + token, null).statusCode()).as(other)
				.isEqualTo(400);
		}
	}

	@Test
	void whatNobodyCanBeCalledFindsNobodyAndBreaksNothing() {
		String admin = this.staff.tokenOf("admin");
		for (String login : List.of("%27%20OR%201=1--", "x", "%ed%a0%80", "a".repeat(2000), "%25", "_ourier")) {
			HttpResponse<String> answer = this.staff.call(admin, "GET", "/auth/users?login=" + login, null);
			assertThat(answer.statusCode()).as(login).isEqualTo(200);
			assertThat(App.json(answer).path("users").isEmpty()).as(login).isTrue();
		}
		assertThat(this.staff.call(admin, "GET", "/auth/users?login=a%00b", null).statusCode()).isEqualTo(400);
		for (String type : List.of("%00", "astronaut", "")) {
			HttpResponse<String> answer = this.staff.call(admin, "GET", "/auth/users?user_type=" + type, null);
			assertThat(answer.statusCode()).as(type).isEqualTo(200);
			assertThat(App.json(answer).path("users").isEmpty()).as(type).isTrue();
		}
	}

	@Test
	void aChangeTakesNoMoreThanWhatItSays() {
		String id = this.staff.hire("plain", "courier");
		HttpResponse<String> answer = this.staff.call(this.staff.tokenOf("manager"), "PATCH", "/auth/users/" + id,
				"{\"status\":\"active\",\"login\":\"other\",\"email\":\"x@example.org\",\"id\":\"1\",\"password\":\"x\"}");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(App.json(answer).path("login").asString()).isEqualTo("plain");
		assertThat(this.staff.column("SELECT login || email FROM auth.user_account WHERE id = '" + id + "'"))
			.containsExactly("plainplain@example.org");
	}

	/** A position beyond every time that the database knows. */
	private static String farAway() {
		return Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(ByteBuffer.allocate(28).putLong(31_556_889_864_403_199L).putInt(0).array());
	}

	private String invitation(String token, String userType) {
		return App.json(this.staff.call(token, "POST", "/auth/invitations", "{\"user_type\":\"" + userType + "\"}"))
			.path("invitation")
			.asString();
	}

	private HttpResponse<String> signUp(String login, String invitation) {
		return new App(this.stack).postJson("/auth/sign-up", "{\"login\":\"" + login + "\",\"email\":\"" + login
				+ "@example.org\",\"password\":" + "\"correct horse battery\",\"invitation\":\"" + invitation + "\"}");
	}

	private void open(String inviter, int count) {
		this.staff.execute("INSERT INTO auth.invitation (digest, user_type, inviter_id, expires_at) "
				+ "SELECT sha256(('" + inviter + "' || n)::bytea), 'courier', '" + inviter
				+ "', now() + n * interval '1 second' + interval '1 hour' FROM generate_series(1, " + count + ") n");
	}

	/** With the code that was sent. */
	private HttpResponse<String> verification(String login) {
		String id = this.staff
			.column("SELECT id FROM auth.sign_up WHERE login = '" + login + "' ORDER BY created_at DESC")
			.get(0);
		String code = this.stack.standIn().codesSentTo(login + "@example.org").get(0);
		return new App(this.stack).postJson("/auth/sign-up/" + id + "/verification", "{\"code\":\"" + code + "\"}");
	}

}
