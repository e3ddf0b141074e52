package com.deliveryservice.authgateway.devstack;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;

import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the operations of the stand-in do when they behave.
 */
final class StandInOperations {

	private final AuthBackend authBackend;

	private final SessionTokens tokens;

	private final Outbox outbox;

	/** The stand-in's own sign-up ids to those of the auth backend. */
	private final ConcurrentMap<String, JsonNode> signUpGuids = new ConcurrentHashMap<>();

	private volatile boolean ownSignUpGuids;

	StandInOperations(AuthBackend authBackend, SessionTokens tokens, Outbox outbox) {
		this.authBackend = authBackend;
		this.tokens = tokens;
		this.outbox = outbox;
	}

	void ownSignUpGuids(boolean own) {
		this.ownSignUpGuids = own;
	}

	/**
	 * Does the work, once for each subscription.
	 * @return the answer; a failure is one too, as in the real service
	 */
	Mono<ObjectNode> run(Operation operation, JsonNode request) {
		Mono<ObjectNode> work = switch (operation) {
			case ADD_USER -> this.authBackend.call(operation, request).map((answer) -> sendCode(request, answer));
			case VERIFY_SIGN_UP -> Mono.defer(() -> this.authBackend.call(operation, withTheirGuid(request)));
			case GET_TOKEN_BY_USER_UID ->
				Mono.fromSupplier(() -> operation.read(this.tokens.of(text(request, "userUid"))));
			case CHECK_USER_EXISTANCE, VERIFY_USER_CREDENTIALS -> this.authBackend.call(operation, request);
		};
		return work.onErrorResume((ex) -> Mono.fromSupplier(() -> failure(operation, ex)));
	}

	private ObjectNode sendCode(JsonNode request, ObjectNode answer) {
		if (!answer.path("isUserAdded").asBoolean(false)) {
			return answer;
		}
		String email = text(request, "email");
		String code = String.format(Locale.ROOT, "%06d", ThreadLocalRandom.current().nextInt(1_000_000));
		this.outbox.send(email.isEmpty() ? text(request, "phoneNumber") : email, code);
		answer.put("verificationCode", code);
		answer.put("codeSendingDt", SessionTokens.date(Instant.now()));
		if (this.ownSignUpGuids || answer.path("signUpGuid").isNull()) {
			String own = SessionTokens.randomGuid();
			this.signUpGuids.put(own, answer.path("signUpGuid"));
			answer.put("signUpGuid", own);
		}
		return answer;
	}

	private JsonNode withTheirGuid(JsonNode request) {
		JsonNode theirs = this.signUpGuids.get(text(request, "signUpGuid"));
		return (theirs == null) ? request : ((ObjectNode) request.deepCopy()).set("signUpGuid", theirs);
	}

	private static ObjectNode failure(Operation operation, Throwable ex) {
		StringWriter trace = new StringWriter();
		ex.printStackTrace(new PrintWriter(trace));
		ObjectNode answer = operation.read(JsonNodeFactory.instance.objectNode());
		answer.put("exceptionMessage", String.valueOf(ex.getMessage()));
		answer.putObject("workflowException")
			.put("message", String.valueOf(ex.getMessage()))
			.put("stackTrace", trace.toString())
			.put("fullMessage", ex.toString());
		return answer;
	}

	private static String text(JsonNode body, String member) {
		return Operation.member(body, member).asString("");
	}

}
