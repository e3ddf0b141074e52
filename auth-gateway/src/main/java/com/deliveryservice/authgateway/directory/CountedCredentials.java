package com.deliveryservice.authgateway.directory;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.protection.SignInAttempt;
import com.deliveryservice.authgateway.protection.SignInThrottle;
import com.deliveryservice.authgateway.protection.SignInsUnderWay;

/**
 * Checks credentials for workflow-auth. What a sign-in at the edge caused was counted
 * there; whoever asks past the edge is throttled here, by account alone, since the
 * address is workflow-auth's.
 */
@Component
class CountedCredentials {

	private final Credentials credentials;

	private final SignInThrottle throttle;

	private final SignInsUnderWay underWay;

	private final AuditTrail trail;

	CountedCredentials(Credentials credentials, SignInThrottle throttle, SignInsUnderWay underWay, AuditTrail trail) {
		this.credentials = credentials;
		this.throttle = throttle;
		this.underWay = underWay;
		this.trail = trail;
	}

	/**
	 * Checks them.
	 * @param login as it came, or {@code null}
	 * @param password in clear, or {@code null}
	 * @return as {@link Credentials#verify}; fails with 429 {@code too-many-attempts} too
	 */
	Mono<User> verify(@Nullable String login, @Nullable String password) {
		String compared = Login.fold((login != null) ? login : "");
		return this.underWay.take(compared)
			.flatMap((counted) -> counted ? this.credentials.verify(login, password)
					: throttled(new SignInAttempt(compared, null, null), this.credentials.verify(login, password)));
	}

	private Mono<User> throttled(SignInAttempt attempt, Mono<User> verified) {
		return this.throttle.check(attempt)
			.flatMap((wait) -> tooMany(attempt, wait))
			.then(verified)
			.switchIfEmpty(Mono.defer(() -> failed(attempt)))
			.delayUntil((user) -> this.throttle.succeeded(attempt).flatMap((wait) -> tooMany(attempt, wait)));
	}

	private Mono<User> failed(SignInAttempt attempt) {
		return this.throttle.failed(attempt)
			.flatMap((wait) -> tooMany(attempt, wait))
			.then(Mono.defer(() -> note(EventType.SIGN_IN_FAILED, attempt)))
			.then(Mono.empty());
	}

	private Mono<Void> tooMany(SignInAttempt attempt, Duration wait) {
		return note(EventType.SIGN_IN_THROTTLED, attempt)
			.then(Mono.error(() -> Problem.of(ProblemCode.TOO_MANY_ATTEMPTS).withRetryAfter(wait).asException()));
	}

	private Mono<Void> note(EventType type, SignInAttempt attempt) {
		return this.trail.note(SecurityEvent.of(type).aboutLogin(attempt.login()).with("past_the_edge", true));
	}

}
