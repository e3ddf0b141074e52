package com.deliveryservice.authgateway.account;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.PasswordResets;
import com.deliveryservice.authgateway.directory.ResetState;
import com.deliveryservice.authgateway.directory.ResetState.Closed;
import com.deliveryservice.authgateway.directory.ResetState.RightCode;
import com.deliveryservice.authgateway.directory.ResetState.Unanswered;
import com.deliveryservice.authgateway.directory.ResetState.WrongCode;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.CodeThrottle;
import com.deliveryservice.authgateway.protection.SignInAttempt;
import com.deliveryservice.authgateway.protection.SignInThrottle;

/**
 * Completes a password reset: judges the code, and leaves the rest to
 * {@link PasswordResetChange}. Nothing that depends on whose reset it is happens before
 * the code was right.
 */
@Component
class PasswordResetCompletion {

	private static final Logger logger = LoggerFactory.getLogger(PasswordResetCompletion.class);

	private final CodeThrottle throttle;

	private final SignInThrottle signIns;

	private final PasswordResets resets;

	private final PasswordResetCodes codes;

	private final PasswordResetChange change;

	private final RefusalNotes notes;

	PasswordResetCompletion(CodeThrottle throttle, SignInThrottle signIns, PasswordResets resets,
			PasswordResetCodes codes, PasswordResetChange change, RefusalNotes notes) {
		this.throttle = throttle;
		this.signIns = signIns;
		this.resets = resets;
		this.codes = codes;
		this.change = change;
		this.notes = notes;
	}

	/**
	 * Completes one. If its success was not answered, since the acknowledgement of the
	 * commit was late, the same code with the same new password completes once more,
	 * without changing anything; see {@link PasswordResets#guess} for how long.
	 * @param attempt what was sent
	 * @return completes when the password is changed; fails with 400
	 * {@code validation-failed}, 404 {@code password-reset-not-found}, 410
	 * {@code password-reset-closed}, 422 {@code code-incorrect}, 429
	 * {@code too-many-attempts} or 503, after which the same may be sent again
	 */
	Mono<Void> complete(ResetAttempt attempt) {
		return this.throttle.take(attempt.address())
			.flatMap(PasswordResetCompletion::tooMany)
			.then(Mono.defer(() -> this.resets.codeKeyId(attempt.resetId())))
			.switchIfEmpty(Mono.error(PasswordResetCompletion::notFound))
			.flatMap((keyId) -> judge(attempt, this.codes.hash(keyId, attempt.resetId(), attempt.code())));
	}

	/**
	 * No such reset.
	 */
	static ProblemException notFound() {
		return Problem.of(ProblemCode.PASSWORD_RESET_NOT_FOUND).asException();
	}

	private Mono<Void> judge(ResetAttempt attempt, byte[] hash) {
		return this.resets.guess(attempt.resetId(), hash)
			.switchIfEmpty(Mono.error(PasswordResetCompletion::notFound))
			.flatMap((state) -> proceed(attempt, hash, state));
	}

	private Mono<Void> proceed(ResetAttempt attempt, byte[] hash, ResetState state) {
		if (state instanceof RightCode right) {
			return this.throttle.giveBack(attempt.address())
				.then(this.change.make(attempt, right.userId(), hash))
				.flatMap((user) -> answer(attempt, user));
		}
		if (state instanceof Unanswered unanswered) {
			return this.change.made(attempt, unanswered.userId())
				.delayUntil((user) -> this.throttle.giveBack(attempt.address()))
				.flatMap((user) -> answer(attempt, user));
		}
		if (state instanceof WrongCode wrong) {
			return refused(attempt, wrong);
		}
		return Mono.error(PasswordResetChange.closed((Closed) state));
	}

	private Mono<Void> answer(ResetAttempt attempt, User user) {
		return forgetFailures(attempt, user).then(Mono.defer(() -> this.resets.answered(attempt.resetId())));
	}

	private Mono<Void> refused(ResetAttempt attempt, WrongCode wrong) {
		SecurityEvent event = SecurityEvent.of(EventType.PASSWORD_RESET_CODE_WRONG)
			.about(wrong.userId())
			.with("reset_id", attempt.resetId())
			.with("attempts_left", wrong.attemptsLeft());
		return this.notes.note(event).then(Mono.error(() -> incorrect(wrong)));
	}

	private static ProblemException incorrect(WrongCode wrong) {
		if (wrong.attemptsLeft() == 0) {
			return PasswordResetChange.closed(Closed.TOO_MANY_ATTEMPTS);
		}
		return Problem.of(ProblemCode.CODE_INCORRECT).withMember("attempts_left", wrong.attemptsLeft()).asException();
	}

	/**
	 * Who guessed at the old password held the person up until now. It is done all the
	 * same if this fails.
	 */
	private Mono<Void> forgetFailures(ResetAttempt attempt, User user) {
		return this.signIns
			.forget(new SignInAttempt(Login.fold(user.login()), attempt.address(), attempt.deviceToken()))
			.onErrorResume((failure) -> {
				logger.warn("Failed sign-ins of user {} are not forgotten: {}", user.id(), failure.toString());
				return Mono.empty();
			});
	}

	private static Mono<Void> tooMany(Duration wait) {
		return Mono.error(Problem.of(ProblemCode.TOO_MANY_ATTEMPTS).withRetryAfter(wait).asException());
	}

}
