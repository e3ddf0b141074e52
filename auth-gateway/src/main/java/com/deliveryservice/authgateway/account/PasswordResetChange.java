package com.deliveryservice.authgateway.account;

import java.util.List;
import java.util.UUID;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Login;
import com.deliveryservice.authgateway.directory.PasswordResets;
import com.deliveryservice.authgateway.directory.Passwords;
import com.deliveryservice.authgateway.directory.Passwords.Change;
import com.deliveryservice.authgateway.directory.ResetState.Closed;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.Sessions;

/**
 * Gives a person who proved the contact a new password: the reset is used up, the
 * password changed, every session ended and all of it recorded in one transaction.
 */
@Component
class PasswordResetChange {

	private final PasswordResets resets;

	private final Users users;

	private final Passwords passwords;

	private final PasswordRule rule;

	private final Sessions sessions;

	private final AuditTrail trail;

	PasswordResetChange(PasswordResets resets, Users users, Passwords passwords, PasswordRule rule, Sessions sessions,
			AuditTrail trail) {
		this.resets = resets;
		this.users = users;
		this.passwords = passwords;
		this.rule = rule;
		this.sessions = sessions;
		this.trail = trail;
	}

	/**
	 * Makes the change.
	 * @param attempt its code was right just now
	 * @param userId whose password
	 * @param hash of that code
	 * @return whose password was changed; fails with 400 {@code validation-failed}, after
	 * which the code is still good, 410 {@code password-reset-closed} or 503
	 */
	Mono<User> make(ResetAttempt attempt, UUID userId, byte[] hash) {
		return this.users.find(userId)
			.filter((user) -> user.status() == User.Status.ACTIVE)
			.switchIfEmpty(Mono.error(() -> closed(Closed.EXPIRED)))
			.flatMap((user) -> this.rule.checking(() -> fit(attempt.password(), user)))
			.delayUntil((user) -> this.passwords.prepareReset(userId, attempt.password())
				.flatMap((change) -> this.sessions.endAllWith(userId, null, EndReason.PASSWORD_RESET,
						(client) -> apply(client, attempt.resetId(), hash, change)))
				.switchIfEmpty(Mono.defer(() -> this.resets.state(attempt.resetId())
					.flatMap((state) -> Mono.<UUID>error(closed(state))))));
	}

	/**
	 * For whoever sends again what may not have been answered: the change was made, if
	 * the user has this very password.
	 * @param attempt its code was the right one
	 * @param userId whose password was changed
	 * @return whose password it is; fails with 410 {@code password-reset-closed} or 503
	 */
	Mono<User> made(ResetAttempt attempt, UUID userId) {
		return this.users.find(userId)
			.filterWhen((user) -> this.passwords.isCurrent(userId, attempt.password()))
			.switchIfEmpty(Mono.error(() -> closed(Closed.COMPLETED)));
	}

	/**
	 * No code helps any more.
	 */
	static ProblemException closed(Closed state) {
		return Problem.of(ProblemCode.PASSWORD_RESET_CLOSED).withMember("reason", state.reason()).asException();
	}

	/**
	 * Empty if the reset was closed meanwhile. Fails, so that it is not used up, if the
	 * user is not active any more.
	 */
	private Mono<UUID> apply(DatabaseClient client, UUID resetId, byte[] hash, Change change) {
		return this.resets.complete(client, resetId, hash)
			.flatMap((user) -> change.apply(client, null).switchIfEmpty(Mono.error(() -> closed(Closed.EXPIRED))))
			.delayUntil((user) -> this.trail.append(client,
					SecurityEvent.of(EventType.PASSWORD_RESET).by(user).about(user).with("reset_id", resetId)));
	}

	/**
	 * Only now: who has not proved the contact must not find out by this whose words are
	 * refused.
	 */
	private User fit(String password, User user) {
		FieldError unfit = this.rule.check(PasswordResetController.NEW_PASSWORD, password, Login.parse(user.login()),
				Contact.email(user.email()), Contact.phone(user.phoneNumber()));
		if (unfit != null) {
			throw Problem.invalid(List.of(unfit)).asException();
		}
		return user;
	}

}
