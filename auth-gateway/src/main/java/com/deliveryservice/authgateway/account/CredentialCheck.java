package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.util.UUID;

import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.SignInAttempt;
import com.deliveryservice.authgateway.protection.SignInRoom;
import com.deliveryservice.authgateway.protection.SignInThrottle;
import com.deliveryservice.authgateway.protection.SignInsUnderWay;
import com.deliveryservice.authgateway.workflowauth.SessionToken;
import com.deliveryservice.authgateway.workflowauth.UserCredentials;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Finds out whether a login and a password belong together, between the two questions to
 * the throttle. Unknown, wrong, pending and suspended are one answer.
 */
@Component
class CredentialCheck implements SignInRoom {

	private static final int OF_NOBODY = -1;

	private final WorkflowAuth workflowAuth;

	private final Users users;

	private final PasswordHashing hashing;

	private final SignInThrottle throttle;

	private final SignInsUnderWay underWay;

	private final UserTypes userTypes;

	/**
	 * No more at once than can be hashed or wait for it: the excess is told so before it
	 * asks the database or workflow-auth, and is no fault of either.
	 */
	private final Bulkhead room;

	CredentialCheck(WorkflowAuth workflowAuth, Users users, PasswordHashing hashing, SignInThrottle throttle,
			SignInsUnderWay underWay, UserTypes userTypes) {
		this.workflowAuth = workflowAuth;
		this.users = users;
		this.hashing = hashing;
		this.throttle = throttle;
		this.underWay = underWay;
		this.userTypes = userTypes;
		this.room = Bulkhead.of("sign-in",
				BulkheadConfig.custom()
					.maxConcurrentCalls(Math.max(1, hashing.capacity()))
					.maxWaitDuration(Duration.ZERO)
					.build());
	}

	/**
	 * The verified person with a session token of workflow-auth; never empty.
	 * @param credentials login and password
	 * @param attempt who tries, for the throttle
	 * @return fails with 401 {@code invalid-credentials}, 429 {@code too-many-attempts}
	 * or 503
	 */
	Mono<Verified> verify(UserCredentials credentials, SignInAttempt attempt) {
		return Mono.defer(() -> {
			long begun = System.nanoTime();
			return check(credentials, attempt).onErrorResume(Refusal.class,
					(refusal) -> rest(begun, credentials).then(Mono.error(refusal)));
		});
	}

	private Mono<Verified> check(UserCredentials credentials, SignInAttempt attempt) {
		return Mono.fromRunnable(this::requireRoom)
			.then(Mono.defer(() -> this.throttle.check(attempt)))
			.flatMap(CredentialCheck::tooMany)
			.then(Mono.defer(() -> this.workflowAuth.deadline(verifyNow(credentials, attempt))))
			.transformDeferred(BulkheadOperator.of(this.room))
			.onErrorMap(BulkheadFullException.class, (ex) -> overloaded());
	}

	/**
	 * What is left of the time that a refusal takes with the slowest hash, whosever it
	 * is: it is counted by now, and keeps no place from others.
	 */
	private Mono<Void> rest(long begun, UserCredentials credentials) {
		Duration rest = this.hashing.longestComparison(String.valueOf(credentials.password()))
			.minusNanos(System.nanoTime() - begun);
		return (rest.compareTo(Duration.ZERO) > 0) ? Mono.delay(rest).then() : Mono.empty();
	}

	/**
	 * Counts all that are under way, also those whose password is not being hashed yet.
	 */
	@Override
	public boolean isFull() {
		return this.room.getMetrics().getAvailableConcurrentCalls() == 0 || !this.hashing.hasRoom(underWay());
	}

	/**
	 * Refuses at once what workflow-auth's callback would refuse after a detour; this one
	 * is under way already.
	 */
	private void requireRoom() {
		if (!this.hashing.hasRoom(underWay() - 1)) {
			throw overloaded();
		}
	}

	private int underWay() {
		Bulkhead.Metrics room = this.room.getMetrics();
		return room.getMaxAllowedConcurrentCalls() - room.getAvailableConcurrentCalls();
	}

	private static ProblemException overloaded() {
		return Problem.overloaded().asException();
	}

	private Mono<Verified> verifyNow(UserCredentials credentials, SignInAttempt attempt) {
		return this.users.credentialsVersion(attempt.login())
			.defaultIfEmpty(OF_NOBODY)
			.flatMap((version) -> verified(credentials, attempt, version));
	}

	private Mono<Verified> verified(UserCredentials credentials, SignInAttempt attempt, int version) {
		return verdict(credentials, attempt)
			.flatMap((userId) -> this.users.find(userId)
				.switchIfEmpty(Mono.error(() -> nonsense("verified a user that does not exist"))))
			.filter((user) -> user.status() == User.Status.ACTIVE && this.userTypes.find(user.userType()) != null)
			.switchIfEmpty(Mono.defer(() -> refuse(attempt)))
			.delayUntil((user) -> this.throttle.succeeded(attempt).flatMap(CredentialCheck::tooMany))
			.flatMap((user) -> withSessionToken(user, version));
	}

	/**
	 * Asks, and says before that this is about to be asked. What comes to nothing or is
	 * given up counts nowhere, so that it is expected no more: nobody else may ask in its
	 * stead.
	 */
	private Mono<UUID> verdict(UserCredentials credentials, SignInAttempt attempt) {
		return Mono.usingWhen(this.underWay.expect(attempt.login()).thenReturn(attempt.login()),
				(login) -> this.workflowAuth.verifyUserCredentials(credentials), (login) -> Mono.empty(),
				(login, failure) -> expectNoMore(login), this::expectNoMore);
	}

	private Mono<Boolean> expectNoMore(String login) {
		return this.underWay.take(login).onErrorComplete();
	}

	private Mono<Verified> withSessionToken(User user, int version) {
		return this.workflowAuth.getTokenByUserUid(user.id())
			.map((token) -> new Verified(user, version, token))
			.switchIfEmpty(Mono.error(() -> nonsense("refused a session token for a verified user")));
	}

	private Mono<User> refuse(SignInAttempt attempt) {
		return this.throttle.failed(attempt)
			.map(CredentialCheck::mustWait)
			.defaultIfEmpty(Problem.of(ProblemCode.INVALID_CREDENTIALS))
			.flatMap((problem) -> Mono.<User>error(new Refusal(problem)));
	}

	private static Mono<Void> tooMany(Duration wait) {
		return Mono.error(mustWait(wait).asException());
	}

	private static Problem mustWait(Duration wait) {
		return Problem.of(ProblemCode.TOO_MANY_ATTEMPTS).withRetryAfter(wait);
	}

	private static WorkflowAuthUnavailableException nonsense(String what) {
		return new WorkflowAuthUnavailableException(what, null);
	}

	/**
	 * Login and password do not belong together, and that was counted.
	 */
	private static final class Refusal extends ProblemException {

		private static final long serialVersionUID = 1L;

		Refusal(Problem problem) {
			super(problem);
		}

	}

	/**
	 * Who was verified just now, and what workflow-auth gave for it.
	 *
	 * @param user an active user
	 * @param version {@link Users#credentialsVersion} from before the password was
	 * compared
	 * @param token its session token
	 */
	record Verified(User user, int version, SessionToken token) {

	}

}
