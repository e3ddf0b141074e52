package com.deliveryservice.authgateway.account;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.CodeHash;
import com.deliveryservice.authgateway.directory.NewReset;
import com.deliveryservice.authgateway.directory.PasswordResets;
import com.deliveryservice.authgateway.directory.VerifiedContacts;
import com.deliveryservice.authgateway.directory.VerifiedContacts.Owner;
import com.deliveryservice.authgateway.notifier.Notification;
import com.deliveryservice.authgateway.notifier.Notification.Template;
import com.deliveryservice.authgateway.notifier.Notifier;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.protection.PasswordResetLimits;
import com.deliveryservice.authgateway.protection.SignInAttempt;

/**
 * Begins a password reset. Whether somebody active has the login changes neither the
 * answer nor the work: for nobody there is a reset too, whose code nobody is told, and a
 * notification that goes to nobody. Delivery is nothing that the answer waits for.
 */
@Component
class PasswordReset {

	private final Notifier notifier;

	private final PasswordResetLimits limits;

	private final VerifiedContacts contacts;

	private final PasswordResets resets;

	private final PasswordResetCodes codes;

	private final SignUpSettings settings;

	PasswordReset(Notifier notifier, PasswordResetLimits limits, VerifiedContacts contacts, PasswordResets resets,
			PasswordResetCodes codes, SignUpSettings settings) {
		this.notifier = notifier;
		this.limits = limits;
		this.contacts = contacts;
		this.resets = resets;
		this.codes = codes;
		this.settings = settings;
	}

	/**
	 * Begins one.
	 * @param attempt who asks
	 * @return always that it began; fails with 501 {@code not-configured}, 429
	 * {@code too-many-requests} or 503
	 */
	Mono<Begun> begin(SignInAttempt attempt) {
		if (!this.notifier.isConfigured()) {
			return Mono.error(Problem.of(ProblemCode.NOT_CONFIGURED)
				.withDetail("There is no notification service to send a code.")
				.asException());
		}
		return this.limits.admit(attempt)
			.flatMap(PasswordReset::tooMany)
			.then(Mono.defer(() -> this.contacts.ofLogin(attempt.login())))
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((owner) -> begin(attempt.login(), owner));
	}

	private Mono<Begun> begin(String login, Optional<Owner> owner) {
		UUID id = this.codes.drawId();
		String code = this.codes.draw();
		CodeHash real = this.codes.hash(id, code);
		CodeHash hash = owner.isPresent() ? real : this.codes.ofNoCode(real);
		NewReset reset = new NewReset(id, login, owner.map(Owner::userId).orElse(null), hash,
				this.settings.codeLifetime(), this.settings.codeAttempts());
		return this.resets
			.begin(reset, (client, expiresAt) -> this.notifier.promise(client,
					owner.map((known) -> notification(known, code, expiresAt)).orElse(Notification.DECOY), expiresAt))
			.map((expiresAt) -> new Begun(id, expiresAt));
	}

	private static Notification notification(Owner owner, String code, Instant expiresAt) {
		return new Notification(owner.contact(), SignUpNotices.channel(owner.kind()), Template.PASSWORD_RESET,
				SignUpNotices.codeData(code, expiresAt, owner.login()));
	}

	private static Mono<Void> tooMany(Duration wait) {
		return Mono.error(Problem.of(ProblemCode.TOO_MANY_REQUESTS).withRetryAfter(wait).asException());
	}

	/**
	 * A reset has begun.
	 *
	 * @param id its id
	 * @param codeExpiresAt when its code expires
	 */
	record Begun(UUID id, Instant codeExpiresAt) {

	}

}
