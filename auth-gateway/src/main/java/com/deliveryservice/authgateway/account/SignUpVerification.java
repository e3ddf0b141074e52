package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.directory.SignUpState;
import com.deliveryservice.authgateway.directory.SignUpState.Closed;
import com.deliveryservice.authgateway.directory.SignUpState.Completed;
import com.deliveryservice.authgateway.directory.SignUpState.Reason;
import com.deliveryservice.authgateway.directory.SignUpState.RightCode;
import com.deliveryservice.authgateway.directory.SignUpState.WrongCode;
import com.deliveryservice.authgateway.directory.SignUps;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.CodeThrottle;
import com.deliveryservice.authgateway.workflowauth.SignUpClosingCode;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;

/**
 * Verifies a sign-up. The gateway compares and counts by itself; workflow-auth is told
 * that the code was right, and calls the auth backend back, which makes the user. Only
 * that the user is there counts as success, whatever workflow-auth says.
 */
@Component
class SignUpVerification {

	private final SignUps signUps;

	private final SignUpCodes codes;

	private final WorkflowAuth workflowAuth;

	private final CodeThrottle throttle;

	private final RefusalNotes notes;

	private final AuditTrail trail;

	SignUpVerification(SignUps signUps, SignUpCodes codes, WorkflowAuth workflowAuth, CodeThrottle throttle,
			RefusalNotes notes, AuditTrail trail) {
		this.signUps = signUps;
		this.codes = codes;
		this.workflowAuth = workflowAuth;
		this.throttle = throttle;
		this.notes = notes;
		this.trail = trail;
	}

	/**
	 * Verifies one. If its success was not answered, since the acknowledgement of the
	 * commit was late, the same code completes once more, without any effect; see
	 * {@link SignUps#guess} for how long.
	 * @param id the gateway's id of the sign-up
	 * @param code as the person entered it
	 * @param address the client's, or {@code null} if there is none
	 * @return completes when the user is there; fails with the problem of
	 * contract/client-api.md
	 */
	Mono<Void> verify(UUID id, String code, @Nullable InetAddress address) {
		return this.throttle.take(address)
			.flatMap(SignUpVerification::tooMany)
			.then(Mono.defer(() -> this.signUps.codeKeyId(id)))
			.flatMap((keyId) -> this.signUps.guess(id, this.codes.hash(keyId, id, code)))
			.switchIfEmpty(Mono.error(SignUpVerification::notFound))
			.delayUntil((state) -> isRight(state) ? this.throttle.giveBack(address) : Mono.empty())
			.flatMap((state) -> proceed(id, state));
	}

	/**
	 * No such sign-up.
	 */
	static ProblemException notFound() {
		return Problem.of(ProblemCode.SIGN_UP_NOT_FOUND).asException();
	}

	private static Mono<Void> tooMany(Duration wait) {
		return Mono.error(Problem.of(ProblemCode.TOO_MANY_ATTEMPTS).withRetryAfter(wait).asException());
	}

	private static boolean isRight(SignUpState state) {
		return state instanceof RightCode || state instanceof Completed;
	}

	private Mono<Void> proceed(UUID id, SignUpState state) {
		if (state instanceof RightCode right) {
			return (right.userAdded() ? Mono.<Void>empty() : tell(id, right)).then(Mono.defer(() -> settle(id)));
		}
		if (state instanceof Completed) {
			return this.signUps.answered(id);
		}
		if (state instanceof WrongCode wrong) {
			return refused(id, wrong);
		}
		return Mono.error(refusal(state));
	}

	private <T> Mono<T> refused(UUID id, WrongCode wrong) {
		SecurityEvent event = SecurityEvent.of(EventType.SIGN_UP_CODE_WRONG)
			.with("sign_up_id", id)
			.with("attempts_left", wrong.attemptsLeft());
		return this.notes.note(event).then(Mono.error(() -> incorrect(wrong)));
	}

	private static ProblemException incorrect(WrongCode wrong) {
		if (wrong.attemptsLeft() == 0) {
			return refusal(new Closed(Reason.TOO_MANY_ATTEMPTS));
		}
		return Problem.of(ProblemCode.CODE_INCORRECT).withMember("attempts_left", wrong.attemptsLeft()).asException();
	}

	/**
	 * Whether workflow-auth took it or refused shows in what the auth backend did
	 * meanwhile. If it fails, that may still say why.
	 */
	private Mono<Void> tell(UUID id, RightCode right) {
		return this.workflowAuth
			.deadline(this.workflowAuth.verifySignUp(right.signUpGuid(), right.tries(), SignUpClosingCode.SUCCESS))
			.then()
			.onErrorResume((failure) -> this.signUps.state(id)
				.filter(Closed.class::isInstance)
				.flatMap((state) -> Mono.<Void>error(refusal(state)))
				.switchIfEmpty(Mono.error(failure)));
	}

	private Mono<Void> settle(UUID id) {
		return this.signUps.settle(id, (client, userId) -> this.trail.append(client, completed(id, userId)))
			.flatMap((state) -> (state instanceof Completed) ? this.signUps.answered(id) : Mono.error(refusal(state)));
	}

	private static SecurityEvent completed(UUID id, UUID userId) {
		return SecurityEvent.of(EventType.SIGN_UP_COMPLETED).about(userId).with("sign_up_id", id);
	}

	private static ProblemException refusal(SignUpState state) {
		if (!(state instanceof Closed closed)) {
			return new WorkflowAuthUnavailableException("user not added", null);
		}
		Reason reason = closed.reason();
		return switch (reason) {
			case USER_EXISTS -> Problem.of(ProblemCode.USER_EXISTS).asException();
			case NOT_ALLOWED -> Problem.of(ProblemCode.SIGN_UP_NOT_ALLOWED).asException();
			case TOO_MANY_ATTEMPTS, EXPIRED, OVERRIDDEN, COMPLETED ->
				Problem.of(ProblemCode.SIGN_UP_CLOSED).withMember("reason", reason.word()).asException();
		};
	}

}
