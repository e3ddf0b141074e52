package com.deliveryservice.authgateway.workflowauth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * workflow-auth over HTTP. Every call has a deadline of its own inside that of the client
 * request, so that a slow call is counted as an outage and no client that left is.
 */
final class HttpWorkflowAuth implements WorkflowAuth, AutoCloseable {

	private static final String DEADLINE = HttpWorkflowAuth.class.getName() + ".deadline";

	/** .NET's {@code Guid.Empty}. */
	private static final String NOT_SET = new UUID(0, 0).toString();

	/** A call gives up this part of the timeout earlier than the whole client request. */
	private static final int HEAD_START = 20;

	/** What the clocks of workflow-auth and this replica may differ by. */
	private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

	private final WorkflowAuthSettings settings;

	private final Exchange exchange;

	private final CallGuard guard;

	private final Clock clock;

	HttpWorkflowAuth(WorkflowAuthSettings settings, Exchange exchange, CallGuard guard, Clock clock) {
		this.settings = settings;
		this.exchange = exchange;
		this.guard = guard;
		this.clock = clock;
	}

	@Override
	public Mono<UserCreation> addUser(UserCredentials user) {
		return call(Operation.ADD_USER, WireRequest.Credentials.of(user), HttpWorkflowAuth::userCreation);
	}

	@Override
	public Mono<Boolean> verifySignUp(String signUpGuid, int tries, SignUpClosingCode closingCode) {
		return call(Operation.VERIFY_SIGN_UP, WireRequest.Closing.of(signUpGuid, tries, closingCode),
				(answer) -> answer.flag("isSuccessful"));
	}

	@Override
	public Mono<UUID> verifyUserCredentials(UserCredentials credentials) {
		return call(Operation.VERIFY_USER_CREDENTIALS, WireRequest.Credentials.of(credentials),
				HttpWorkflowAuth::verifiedUser)
			.flatMap(Mono::justOrEmpty);
	}

	@Override
	public Mono<SessionToken> getTokenByUserUid(UUID userId) {
		return call(Operation.GET_TOKEN_BY_USER_UID, new WireRequest.Token(userId), this::sessionToken)
			.flatMap(Mono::justOrEmpty);
	}

	@Override
	public <T> Mono<T> deadline(Mono<T> calls) {
		Mono<T> late = Mono.error(Outage.TIMEOUT::asException);
		return Mono.defer(() -> {
			long endsAt = System.nanoTime() + this.settings.timeout().toNanos();
			return calls.contextWrite((context) -> context.put(DEADLINE, endsAt))
				.timeout(this.settings.timeout(), late.doOnError((ex) -> this.guard.account("deadline", ex)));
		});
	}

	@Override
	public void close() {
		this.exchange.close();
	}

	private <T> Mono<T> call(Operation operation, WireRequest request, Function<Answer, T> read) {
		Mono<T> call = Mono.deferContextual((context) -> this.exchange.post(operation, request)
			.timeout(remaining(context))
			.map((body) -> read.apply(Answer.read(body)))
			.onErrorMap(TimeoutException.class, Outage::of));
		return this.guard.around(operation, call);
	}

	private Duration remaining(ContextView context) {
		Duration headStart = this.settings.timeout().dividedBy(HEAD_START);
		@Nullable Long endsAt = context.getOrDefault(DEADLINE, null);
		if (endsAt == null) {
			return this.settings.timeout();
		}
		Duration left = Duration.ofNanos(endsAt - System.nanoTime()).minus(headStart);
		return left.isNegative() ? Duration.ZERO : left;
	}

	private static UserCreation userCreation(Answer answer) {
		if (answer.flag("isUserAdded")) {
			String signUpGuid = answer.optionalText("signUpGuid");
			if (signUpGuid == null || signUpGuid.isBlank() || signUpGuid.equals(NOT_SET)) {
				throw Outage.MALFORMED.asException();
			}
			return new UserCreation(true, false, signUpGuid, answer.optionalText("verificationCode"));
		}
		Answer before = answer.object("userExistanceBefore");
		if (before == null || !exists(before)) {
			throw Outage.NOT_ADDED.asException();
		}
		return new UserCreation(false, true, null, null);
	}

	private static boolean exists(Answer existance) {
		boolean login = existance.optionalFlag("loginExists");
		boolean email = existance.optionalFlag("emailExists");
		boolean phoneNumber = existance.optionalFlag("phoneNumberExists");
		return login || email || phoneNumber;
	}

	private static Optional<UUID> verifiedUser(Answer answer) {
		if (!answer.flag("isVerified")) {
			return Optional.empty();
		}
		UUID userId = answer.guid("userUid");
		if (userId == null) {
			throw Outage.MALFORMED.asException();
		}
		return Optional.of(userId);
	}

	/**
	 * An empty GUID is a refusal. A missing one, or {@code null}, is malformed: when in
	 * doubt it is no verdict about the person.
	 */
	private Optional<SessionToken> sessionToken(Answer answer) {
		UUID guid = answer.guid("tokenGuid");
		if (guid == null) {
			return Optional.empty();
		}
		Instant beginsAt = answer.date("tokenBeginDt", this.settings.zone());
		Instant endsAt = answer.date("tokenEndDt", this.settings.zone());
		if (!endsAt.isAfter(beginsAt) || endsAt.isBefore(this.clock.instant().minus(CLOCK_SKEW))) {
			throw Outage.MALFORMED.asException();
		}
		return Optional.of(new SessionToken(guid, beginsAt, endsAt));
	}

}
