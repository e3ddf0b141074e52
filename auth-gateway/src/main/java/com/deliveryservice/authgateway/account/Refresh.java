package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.RefreshLimit;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.OpenSession;
import com.deliveryservice.authgateway.session.RefreshResult;
import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.session.RefreshResult.RenewalDue;
import com.deliveryservice.authgateway.session.RefreshResult.TooMany;
import com.deliveryservice.authgateway.session.RefreshToken;
import com.deliveryservice.authgateway.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Renews a session by its refresh token. Whatever is away meanwhile, the token stays
 * good: used up without an answer, it gets the same successor again.
 */
@Component
class Refresh {

	/** A session is renewed too often by mistake, in a loop that should slow down. */
	private static final Duration CALM = Duration.ofSeconds(10);

	private final Sessions sessions;

	private final Users users;

	private final TokenAnswers answers;

	private final SessionTokenRenewal renewal;

	private final RefreshLimit limit;

	Refresh(Sessions sessions, Users users, TokenAnswers answers, SessionTokenRenewal renewal, RefreshLimit limit) {
		this.sessions = sessions;
		this.users = users;
		this.answers = answers;
		this.renewal = renewal;
		this.limit = limit;
	}

	/**
	 * New tokens for an old one.
	 * @param value as the client sent it
	 * @param address the client's, or {@code null} if there is none
	 * @return fails with 400 {@code invalid-grant}, 429 {@code too-many-requests} or 503
	 */
	Mono<TokenAnswer> refresh(String value, @Nullable InetAddress address) {
		return Mono.fromRunnable(() -> requireCalm(address))
			.then(Mono.fromRunnable(this.answers::requireKeys))
			.then(Mono.justOrEmpty(RefreshToken.parse(value)))
			.flatMap(this::refresh)
			.switchIfEmpty(Mono.error(Refresh::notGood));
	}

	private Mono<TokenAnswer> refresh(RefreshToken token) {
		return this.sessions.refresh(token).flatMap((result) -> answer(token, result));
	}

	/**
	 * Empty if the token is not good.
	 */
	private Mono<TokenAnswer> answer(RefreshToken token, RefreshResult result) {
		if (result instanceof RenewalDue due) {
			return this.renewal.renew(due)
				.filter(Boolean::booleanValue)
				.flatMap((goesOn) -> this.sessions.refreshInGrace(token))
				.flatMap(this::answer);
		}
		return answer(result);
	}

	private Mono<TokenAnswer> answer(RefreshResult result) {
		if (result instanceof RenewalDue) {
			return Mono.error(Problem.of(ProblemCode.SERVICE_UNAVAILABLE).withRetryAfter(CALM).asException());
		}
		if (result instanceof TooMany) {
			return Mono.error(tooMany(CALM));
		}
		return (result instanceof Refreshed refreshed) ? answer(refreshed.session()) : Mono.empty();
	}

	/**
	 * Empty, and the session ended, if it belongs to nobody who may be signed in, or to
	 * somebody who is of another type by now.
	 */
	private Mono<TokenAnswer> answer(OpenSession open) {
		return this.users.find(open.session().userId())
			.filter((user) -> user.status() == User.Status.ACTIVE && this.answers.isAnswerable(open))
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((user) -> user.isPresent() ? answer(open, user.get()) : ended(open, EndReason.SUSPENDED));
	}

	private Mono<TokenAnswer> answer(OpenSession open, User user) {
		if (!user.userType().equals(open.session().userType())) {
			return ended(open, EndReason.TYPE_CHANGED);
		}
		return Mono.just(this.answers.answer(open, user, Login.fold(user.login())));
	}

	private Mono<TokenAnswer> ended(OpenSession open, EndReason reason) {
		return this.sessions.end(open.session().id(), reason).then(Mono.empty());
	}

	private void requireCalm(@Nullable InetAddress address) {
		Duration wait = (address != null) ? this.limit.take(address) : null;
		if (wait != null) {
			throw tooMany(wait);
		}
	}

	private static ProblemException tooMany(Duration wait) {
		return Problem.of(ProblemCode.TOO_MANY_REQUESTS).withRetryAfter(wait).asException();
	}

	private static ProblemException notGood() {
		return Problem.of(ProblemCode.INVALID_GRANT).asException();
	}

}
