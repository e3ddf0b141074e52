package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;

import com.deliveryservice.authgateway.account.CredentialCheck.Verified;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.SignInAttempt;
import com.deliveryservice.authgateway.session.NewSession;
import com.deliveryservice.authgateway.session.OpenSession;
import com.deliveryservice.authgateway.session.Sessions;
import com.deliveryservice.authgateway.workflowauth.UserCredentials;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Signs a person in: throttle, workflow-auth, session, tokens, in this order, so that
 * there is no session before everything else succeeded (contract/client-api.md). Nor is
 * there one if the password, the status or the type was changed meanwhile: those changes
 * end every session, and this one would come too late to be ended.
 */
@Component
class SignIn {

	private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

	private final CredentialCheck credentials;

	private final Users users;

	private final Sessions sessions;

	private final TokenAnswers answers;

	private final SignInNotes notes;

	private final RefusalNotes refusals;

	SignIn(CredentialCheck credentials, Users users, Sessions sessions, TokenAnswers answers, SignInNotes notes,
			RefusalNotes refusals) {
		this.credentials = credentials;
		this.users = users;
		this.sessions = sessions;
		this.answers = answers;
		this.notes = notes;
		this.refusals = refusals;
	}

	/**
	 * Signs in.
	 * @param request a validated one
	 * @param address the client's, or {@code null} if there is none
	 * @return the tokens; fails with 401 {@code invalid-credentials}, 429
	 * {@code too-many-attempts}, 503 {@code auth-service-unavailable} or
	 * {@code overloaded}
	 */
	Mono<TokenAnswer> signIn(SignInRequest request, @Nullable InetAddress address) {
		return Mono.fromRunnable(this.answers::requireKeys)
			.then(this.credentials.verify(credentials(request), attempt(request, address)))
			.flatMap((verified) -> open(verified, request, address))
			.onErrorResume(ProblemException.class,
					(failure) -> this.refusals.noted(failure, EventType.SIGN_IN_FAILED, about(request)))
			.onErrorMap(ProblemException.class, SignIn::asUnavailable);
	}

	private Mono<TokenAnswer> open(Verified verified, SignInRequest request, @Nullable InetAddress address) {
		NewSession session = new NewSession(verified.user().id(), verified.user().userType(), request.shownDeviceName(),
				text(address), verified.token().tokenGuid(), verified.token().endsAt());
		return this.sessions
			.open(session, (client) -> this.users.isUnchanged(client, verified.user(), verified.version()))
			.switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.INVALID_CREDENTIALS).asException()))
			.map((open) -> answer(open, verified, request));
	}

	private TokenAnswer answer(OpenSession open, Verified verified, SignInRequest request) {
		TokenAnswer answer = this.answers.answer(open, verified.user(), request.normalizedLogin());
		this.notes.signedIn(verified.user().id());
		return answer;
	}

	/**
	 * To the person it is one service that cannot tell now, whichever part of it is away.
	 */
	private static ProblemException asUnavailable(ProblemException failure) {
		return (failure.problem().code() != ProblemCode.SERVICE_UNAVAILABLE) ? failure : new ProblemException(
				Problem.of(ProblemCode.AUTH_SERVICE_UNAVAILABLE).withRetryAfter(RETRY_AFTER), failure);
	}

	private static SecurityEvent about(SignInRequest request) {
		return SecurityEvent.of(EventType.SIGN_IN_FAILED)
			.aboutLogin(request.normalizedLogin())
			.on(request.shownDeviceName());
	}

	private static UserCredentials credentials(SignInRequest request) {
		return new UserCredentials(String.valueOf(request.login()), null, null, String.valueOf(request.password()),
				null);
	}

	private static SignInAttempt attempt(SignInRequest request, @Nullable InetAddress address) {
		return new SignInAttempt(request.normalizedLogin(), address, request.deviceToken());
	}

	private static String text(@Nullable InetAddress address) {
		if (address == null) {
			return "";
		}
		String text = address.getHostAddress();
		int zone = text.indexOf('%');
		return (zone < 0) ? text : text.substring(0, zone);
	}

}
