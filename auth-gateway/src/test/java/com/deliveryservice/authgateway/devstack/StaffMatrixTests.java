package com.deliveryservice.authgateway.devstack;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Every type does everything to every type: what is allowed is done, what is not changes
 * nothing. The table is the contract's, not the code's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StaffMatrixTests {

	private static final List<String> TYPES = List.of("customer", "kitchen", "courier", "warehouse", "manager",
			"admin");

	/** contract/client-api.md, "Who manages whom"; the others are no staff. */
	private static final Map<String, Set<String>> MANAGES = Map.of("manager",
			Set.of("customer", "kitchen", "courier", "warehouse"), "admin", Set.copyOf(TYPES));

	/** What can be done to a user: method, path behind the id, body, good status. */
	private static final Map<String, List<String>> OPERATIONS = new LinkedHashMap<>();
	static {
		OPERATIONS.put("read", List.of("GET", "", "", "200"));
		OPERATIONS.put("read the sessions", List.of("GET", "/sessions", "", "200"));
		OPERATIONS.put("end the sessions", List.of("DELETE", "/sessions", "", "204"));
		OPERATIONS.put("suspend", List.of("PATCH", "", "{\"status\":\"suspended\"}", "200"));
		OPERATIONS.put("reactivate", List.of("PATCH", "", "{\"status\":\"active\"}", "200"));
		TYPES.forEach((type) -> OPERATIONS.put("make " + type,
				List.of("PATCH", "", "{\"user_type\":\"" + type + "\"}", "200")));
	}

	private final Map<String, String> tokens = new HashMap<>();

	private final Map<String, String> targets = new HashMap<>();

	private DevStack stack;

	private Staff staff;

	@BeforeAll
	void start() {
		this.stack = DevStack.startOnFreePorts();
		this.staff = new Staff(this.stack);
		this.staff.hire("warehouse", "warehouse");
		for (String type : TYPES) {
			this.tokens.put(type, this.staff.tokenOf(type));
			this.targets.put(type, this.staff.hire("target-" + type, type));
		}
	}

	@AfterAll
	void stop() {
		this.stack.close();
	}

	static List<Arguments> everythingToEverybody() {
		List<Arguments> all = new ArrayList<>();
		for (String actor : TYPES) {
			for (String target : TYPES) {
				OPERATIONS.keySet().forEach((operation) -> all.add(arguments(actor, operation, target)));
			}
		}
		return all;
	}

	@ParameterizedTest(name = "{0}: {1}, {2}")
	@MethodSource("everythingToEverybody")
	void whoMayDoWhat(String actor, String operation, String target) {
		List<String> how = Objects.requireNonNull(OPERATIONS.get(operation));
		boolean staffed = MANAGES.containsKey(actor);
		Set<String> managed = MANAGES.getOrDefault(actor, Set.of());
		boolean allowed = managed.contains(target)
				&& (!operation.startsWith("make ") || managed.contains(operation.substring(5)));
		String id = this.targets.get(target);
		this.staff.execute(
				"UPDATE auth.user_account SET status = 'active', user_type = '" + target + "' WHERE id = '" + id + "'");
		HttpResponse<String> answer = this.staff.call(tokenOf(actor), how.get(0), "/auth/users/" + id + how.get(1),
				how.get(2).isEmpty() ? null : how.get(2));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(allowed ? Integer.parseInt(how.get(3)) : 403);
		assertThat(App.code(answer)).isEqualTo(allowed ? "none" : staffed ? "not-allowed" : "forbidden");
		assertThat(
				this.staff.column("SELECT user_type || ' ' || status FROM auth.user_account WHERE id = '" + id + "'"))
			.containsExactly(after(operation, target, allowed));
	}

	@ParameterizedTest
	@ValueSource(strings = { "customer", "courier", "manager", "admin" })
	void anInvitationThatIsNotThereIsDeletedWhateverItsIdLooksLike(String actor) {
		boolean staffed = MANAGES.containsKey(actor);
		for (String id : List.of("0a000000-0000-4000-8000-000000000001", "x", "%27%20OR%201=1", "0-0-0-0-0",
				"0a000000-0000-4000-8000-00000000000x")) {
			HttpResponse<String> answer = this.staff.call(tokenOf(actor), "DELETE", "/auth/invitations/" + id, null);
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(staffed ? 204 : 403);
			assertThat(App.code(answer)).isEqualTo(staffed ? "none" : "forbidden");
		}
	}

	private String tokenOf(String type) {
		return Objects.requireNonNull(this.tokens.get(type));
	}

	private static String after(String operation, String target, boolean done) {
		String type = (done && operation.startsWith("make ")) ? operation.substring(5) : target;
		return type + ((done && operation.equals("suspend")) ? " suspended" : " active");
	}

	static List<Arguments> everybodyAndEverybody() {
		List<Arguments> all = new ArrayList<>();
		TYPES.forEach((actor) -> TYPES.forEach((target) -> all.add(arguments(actor, target))));
		return all;
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("everybodyAndEverybody")
	void whoInvitesAndSeesWhom(String actor, String target) {
		boolean staffed = MANAGES.containsKey(actor);
		boolean managed = MANAGES.getOrDefault(actor, Set.of()).contains(target);
		String token = tokenOf(actor);
		HttpResponse<String> invited = this.staff.call(token, "POST", "/auth/invitations",
				"{\"user_type\":\"" + target + "\"}");
		assertThat(invited.statusCode()).isEqualTo(managed ? 201 : 403);
		HttpResponse<String> admins = this.staff.call(tokenOf("admin"), "POST", "/auth/invitations",
				"{\"user_type\":\"" + target + "\"}");
		String invitation = App.json(admins).path("id").asString();
		HttpResponse<String> open = this.staff.call(token, "GET", "/auth/invitations", null);
		HttpResponse<String> users = this.staff.call(token, "GET", "/auth/users?user_type=" + target, null);
		for (HttpResponse<String> list : List.of(open, users)) {
			assertThat(list.statusCode()).isEqualTo(staffed ? 200 : 403);
			assertThat(App.code(list)).isEqualTo(staffed ? "none" : "forbidden");
		}
		assertThat(open.body().contains(invitation)).isEqualTo(managed);
		assertThat(users.body().contains("\"login\":\"" + target + "\"")).isEqualTo(managed);
		for (String again : List.of("", " once more")) {
			HttpResponse<String> deleted = this.staff.call(token, "DELETE", "/auth/invitations/" + invitation, null);
			assertThat(deleted.statusCode()).as(deleted.body() + again).isEqualTo(managed ? 204 : 403);
			assertThat(App.code(deleted)).isEqualTo(managed ? "none" : staffed ? "not-allowed" : "forbidden");
		}
		assertThat(
				this.staff.column("SELECT revoked_at IS NOT NULL FROM auth.invitation WHERE id = '" + invitation + "'"))
			.containsExactly(managed ? "t" : "f");
	}

}
