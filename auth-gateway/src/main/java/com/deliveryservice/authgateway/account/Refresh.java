package com.deliveryservice.authgateway.account;

import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.session.OpenSession;
import com.deliveryservice.authgateway.session.RefreshResult;
import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.session.RefreshToken;
import com.deliveryservice.authgateway.session.Sessions;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Renews a session by its refresh token. Whatever is away meanwhile, the token stays
 * good: used up without an answer, it gets the same successor again.
 */
@Component
class Refresh {

	private final Sessions sessions;

	private final Users users;

	private final TokenAnswers answers;

	Refresh(Sessions sessions, Users users, TokenAnswers answers) {
		this.sessions = sessions;
		this.users = users;
		this.answers = answers;
	}

	/**
	 * New tokens for an old one.
	 * @param value as the client sent it
	 * @return fails with 400 {@code invalid-grant} or 503
	 */
	Mono<TokenAnswer> refresh(String value) {
		return Mono.fromRunnable(this.answers::requireKeys)
			.then(Mono.justOrEmpty(RefreshToken.parse(value)))
			.flatMap(this.sessions::refresh)
			.ofType(Refreshed.class)
			.map(Refreshed::session)
			.flatMap(this::answer)
			.switchIfEmpty(Mono.error(Refresh::notGood));
	}

	/**
	 * Empty if the session belongs to nobody who may be signed in.
	 */
	private Mono<TokenAnswer> answer(OpenSession open) {
		return this.users.find(open.session().userId())
			.filter((user) -> user.status() == User.Status.ACTIVE)
			.map((user) -> this.answers.answer(open, user, Login.fold(user.login())));
	}

	private static ProblemException notGood() {
		return Problem.of(ProblemCode.INVALID_GRANT).asException();
	}

}
