package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.Invitations;
import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.SignUpLimits;

/**
 * Who may sign up, as what, and how often.
 */
@Component
class SignUpAdmission {

	/** Of a sign-up without invitation, whatever the request says. */
	private static final String CUSTOMER = "customer";

	private final SignUpSettings settings;

	private final Invitations invitations;

	private final SignUpLimits limits;

	private final PasswordRule passwords;

	private final PasswordHashing hashing;

	SignUpAdmission(SignUpSettings settings, Invitations invitations, SignUpLimits limits, PasswordRule passwords,
			PasswordHashing hashing) {
		this.settings = settings;
		this.invitations = invitations;
		this.limits = limits;
		this.passwords = passwords;
		this.hashing = hashing;
	}

	/**
	 * Admits a sign-up and counts it. Only what is counted is worth the time that it
	 * takes to look at its password.
	 * @return as what; fails with {@code sign-up-not-allowed}, {@code too-many-requests},
	 * {@code overloaded}, or {@code validation-failed} if the password is too common
	 */
	Mono<Admitted> admit(SignUpForm form, @Nullable InetAddress address) {
		return allow(form.invitation()).flatMap((admitted) -> this.hashing.isFull() ? Mono.error(overloaded())
				: this.limits.admit(address, key(form.contact()))
					.flatMap((wait) -> Mono.<Admitted>error(tooMany(wait)))
					.switchIfEmpty(Mono.defer(() -> fit(form, admitted))));
	}

	/**
	 * No code was sent to the contact, so none is counted.
	 */
	Mono<Void> giveBack(SignUpForm form) {
		return this.limits.giveBack(key(form.contact())).onErrorComplete();
	}

	private Mono<Admitted> fit(SignUpForm form, Admitted admitted) {
		return this.passwords.checking(() -> {
			FieldError common = this.passwords.check(SignUpForm.PASSWORD, form.password(), form.login(),
					Contact.email(form.email()), Contact.phone(form.phoneNumber()));
			if (common != null) {
				throw Problem.invalid(List.of(common)).asException();
			}
			return admitted;
		}).onErrorResume((failure) -> giveBack(form).then(Mono.error(failure)));
	}

	private Mono<Admitted> allow(@Nullable String invitation) {
		if (invitation != null) {
			return this.invitations.find(invitation)
				.map((found) -> new Admitted(found.userType(), found.id()))
				.switchIfEmpty(Mono.error(SignUpAdmission::notAllowed));
		}
		return this.settings.enabled() ? Mono.just(new Admitted(CUSTOMER, null)) : Mono.error(notAllowed());
	}

	private static String key(Contact contact) {
		return contact.kind() + " " + contact.normalized();
	}

	private static ProblemException notAllowed() {
		return Problem.of(ProblemCode.SIGN_UP_NOT_ALLOWED).asException();
	}

	private static ProblemException tooMany(Duration wait) {
		return Problem.of(ProblemCode.TOO_MANY_REQUESTS).withRetryAfter(wait).asException();
	}

	private static ProblemException overloaded() {
		return Problem.overloaded().asException();
	}

	/**
	 * May sign up.
	 *
	 * @param userType as what
	 * @param invitationId by which invitation, or {@code null}
	 */
	record Admitted(String userType, @Nullable UUID invitationId) {

	}

}
