package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.Passwords;
import com.deliveryservice.authgateway.directory.Passwords.Change;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.SignInAttempt;
import com.deliveryservice.authgateway.protection.SignInThrottle;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Changes a person's own password and ends every other session, in one transaction. The
 * current password is guessed at no faster than at the sign-in: both count together, in
 * the lane of the device that the session is on, so that nobody's guesses elsewhere keep
 * the person from it.
 */
@Component
class PasswordChange {

	private static final int LONGEST_CURRENT = 1024;

	private final Users users;

	private final Passwords passwords;

	private final PasswordRule rule;

	private final SignInThrottle throttle;

	private final Sessions sessions;

	private final AuditTrail trail;

	PasswordChange(Users users, Passwords passwords, PasswordRule rule, SignInThrottle throttle, Sessions sessions,
			AuditTrail trail) {
		this.users = users;
		this.passwords = passwords;
		this.rule = rule;
		this.throttle = throttle;
		this.sessions = sessions;
		this.trail = trail;
	}

	/**
	 * Changes it. If its success was not answered, since the acknowledgement of the
	 * commit was late, the same request from the same session completes once more within
	 * ten minutes, without changing anything.
	 * @param caller whose; the session that it comes from goes on
	 * @param request the current and the new password
	 * @param address the client's, or {@code null} if there is none
	 * @return completes when it is done; fails with 400 {@code validation-failed}, 403
	 * {@code invalid-credentials}, 429 {@code too-many-attempts} or 503
	 */
	Mono<Void> change(Caller caller, PasswordChangeRequest request, @Nullable InetAddress address) {
		return this.users.find(caller.userId())
			.switchIfEmpty(Mono.error(PasswordChange::wrong))
			.flatMap((user) -> this.rule.checking(() -> validated(request, user))
				.flatMap((asked) -> change(caller, user, asked, address)))
			.then();
	}

	private Mono<UUID> change(Caller caller, User user, Asked asked, @Nullable InetAddress address) {
		SignInAttempt attempt = SignInAttempt.inSession(Login.fold(user.login()), address, caller.sessionId());
		return this.throttle.check(attempt)
			.flatMap((wait) -> tooMany(user, wait))
			.then(Mono.defer(() -> this.passwords.prepare(user.id(), asked.current(), asked.replacement())))
			.flatMap((change) -> succeeded(user, attempt).then(Mono.defer(() -> make(caller, change))))
			.switchIfEmpty(Mono.defer(() -> repeat(caller, user, asked, attempt)))
			.delayUntil((done) -> this.passwords.answered(user.id(), caller.sessionId()));
	}

	private Mono<UUID> make(Caller caller, Change change) {
		UUID userId = caller.userId();
		return this.sessions
			.endAllWith(userId, caller.sessionId(), EndReason.PASSWORD_CHANGED,
					(client) -> change.apply(client, caller.sessionId())
						.delayUntil((done) -> this.trail.append(client,
								SecurityEvent.of(EventType.PASSWORD_CHANGED).about(userId))))
			.switchIfEmpty(Mono.error(PasswordChange::wrong));
	}

	/**
	 * The current password is wrong, unless the change has been made already. That it is
	 * counts before the new one is compared, which counts as well: of the two no more get
	 * to be known than of as many attempts.
	 */
	private Mono<UUID> repeat(Caller caller, User user, Asked asked, SignInAttempt attempt) {
		UUID userId = caller.userId();
		return failed(user, attempt)
			.then(Mono.defer(() -> this.passwords.wasMade(userId, caller.sessionId(), asked.replacement())))
			.flatMap((made) -> made ? succeeded(user, attempt).thenReturn(userId)
					: failed(user, attempt).then(Mono.<UUID>empty()))
			.switchIfEmpty(Mono.error(PasswordChange::wrong))
			.onErrorResume(PasswordChange::isWrong,
					(failure) -> this.trail.note(SecurityEvent.of(EventType.PASSWORD_CHANGE_FAILED).about(userId))
						.then(Mono.error(failure)));
	}

	private static boolean isWrong(Throwable failure) {
		return failure instanceof ProblemException known && known.problem().code() == ProblemCode.INVALID_CREDENTIALS;
	}

	private Asked validated(PasswordChangeRequest request, User user) {
		List<FieldError> errors = new ArrayList<>();
		String current = request.currentPassword();
		if (current == null || current.isEmpty()) {
			errors.add(FieldError.missing("current_password"));
		}
		else if (current.length() > LONGEST_CURRENT) {
			errors.add(new FieldError("current_password", "too-long", "has more than 1024 characters"));
		}
		FieldError unfit = this.rule.check("new_password", request.newPassword(), Login.parse(user.login()),
				Contact.email(user.email()), Contact.phone(user.phoneNumber()));
		if (unfit != null) {
			errors.add(unfit);
		}
		if (!errors.isEmpty()) {
			throw Problem.invalid(errors).asException();
		}
		return new Asked(String.valueOf(current), String.valueOf(request.newPassword()));
	}

	private Mono<Void> succeeded(User user, SignInAttempt attempt) {
		return Mono.defer(() -> this.throttle.succeeded(attempt)).flatMap((wait) -> tooMany(user, wait));
	}

	private Mono<Void> failed(User user, SignInAttempt attempt) {
		return Mono.defer(() -> this.throttle.failed(attempt)).flatMap((wait) -> tooMany(user, wait));
	}

	private Mono<Void> tooMany(User user, Duration wait) {
		return this.trail.note(SecurityEvent.of(EventType.THROTTLED).about(user.id()).with("limit", "password_change"))
			.then(Mono.error(() -> Problem.of(ProblemCode.TOO_MANY_ATTEMPTS).withRetryAfter(wait).asException()));
	}

	/**
	 * Not 401: the caller's token is good.
	 */
	private static ProblemException wrong() {
		return Problem.of(ProblemCode.INVALID_CREDENTIALS).withStatus(403).asException();
	}

	/** What was asked for. Never printed. */
	private record Asked(String current, String replacement) {

		@Override
		public String toString() {
			return "Asked[…]";
		}

	}

}
