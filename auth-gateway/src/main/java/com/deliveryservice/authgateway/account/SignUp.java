package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.account.SignUpNotices.Code;
import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.NewSignUp;
import com.deliveryservice.authgateway.directory.PendingUsers;
import com.deliveryservice.authgateway.directory.SignUps;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.protection.SignUpLimits;
import com.deliveryservice.authgateway.workflowauth.UserCreation;
import com.deliveryservice.authgateway.workflowauth.UserCredentials;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;

/**
 * Begins a sign-up: workflow-auth stores a pending user by calling the auth backend back,
 * and sends a code. An older pending sign-up is overridden only once the new one has its
 * code.
 */
@Component
class SignUp {

	private static final Logger logger = LoggerFactory.getLogger(SignUp.class);

	private final SignUpAdmission admission;

	private final SignUps signUps;

	private final PendingUsers pendingUsers;

	private final SignUpNotices notices;

	private final WorkflowAuth workflowAuth;

	private final SignUpSettings settings;

	SignUp(SignUpAdmission admission, SignUps signUps, PendingUsers pendingUsers, SignUpNotices notices,
			WorkflowAuth workflowAuth, SignUpSettings settings) {
		this.admission = admission;
		this.signUps = signUps;
		this.pendingUsers = pendingUsers;
		this.notices = notices;
		this.workflowAuth = workflowAuth;
		this.settings = settings;
	}

	/**
	 * Begins one.
	 * @param form what the person entered
	 * @param address where the person is, or {@code null} if it is not known
	 * @return that a code is on its way; fails with the problem of contract/client-api.md
	 */
	Mono<Begun> begin(SignUpForm form, @Nullable InetAddress address) {
		return this.admission.admit(form, address)
			.flatMap((admitted) -> this.signUps.begin(newSignUp(form, admitted)))
			.flatMap((id) -> ask(form, id));
	}

	private Mono<Begun> ask(SignUpForm form, UUID id) {
		return this.workflowAuth.deadline(this.workflowAuth.addUser(credentials(form)))
			.onErrorResume((failure) -> mayBeSent(failure) ? Mono.error(failure)
					: this.admission.giveBack(form).then(Mono.error(failure)))
			.flatMap((creation) -> created(form, id, creation))
			.onErrorResume((failure) -> this.signUps.failed(id).onErrorComplete().then(Mono.error(failure)));
	}

	/**
	 * Whether a code may be on its way, though nobody said so: who repeats the sign-up
	 * would have another one sent each time.
	 */
	private static boolean mayBeSent(Throwable failure) {
		return failure instanceof WorkflowAuthUnavailableException outage && outage.mayHaveWorked();
	}

	private Mono<Begun> created(SignUpForm form, UUID id, UserCreation creation) {
		if (creation.existed()) {
			return this.notices.userExists(form).then(Mono.error(Problem.of(ProblemCode.USER_EXISTS).asException()));
		}
		String guid = creation.signUpGuid();
		Code code = this.notices.codeOf(creation);
		if (!creation.added() || guid == null || code == null) {
			return Mono.error(new WorkflowAuthUnavailableException("user not created", null));
		}
		return this.pendingUsers.bind(id, guid, form.password())
			.doOnNext((bound) -> noteIfNot(bound, id))
			.then(Mono.defer(() -> sent(form, id, guid, code)))
			.onErrorMap(DataIntegrityViolationException.class,
					(ex) -> new WorkflowAuthUnavailableException("guid of another sign-up", ex))
			.map((expiresAt) -> new Begun(id, expiresAt, this.settings.codeAttempts()));
	}

	private Mono<Instant> sent(SignUpForm form, UUID id, String guid, Code code) {
		return this.signUps.codeSent(id, guid, this.notices.hash(id, code), this.settings.codeLifetime(),
				(client, expiresAt) -> this.notices.promise(client, form, code, expiresAt));
	}

	private static void noteIfNot(boolean bound, UUID id) {
		if (!bound) {
			logger.warn("workflow-auth took sign-up {} but has not called the auth backend: it cannot be completed",
					id);
		}
	}

	private NewSignUp newSignUp(SignUpForm form, SignUpAdmission.Admitted admitted) {
		return new NewSignUp(form.login(), form.contact(), form.email(), form.phoneNumber(), admitted.userType(),
				admitted.invitationId(), this.settings.codeAttempts());
	}

	/**
	 * workflow-auth is given the contact to verify and not the other one.
	 */
	private static UserCredentials credentials(SignUpForm form) {
		boolean byEmail = form.contact().kind() == Contact.Kind.EMAIL;
		return new UserCredentials(form.login().written(), byEmail ? form.contact().written() : null,
				byEmail ? null : form.contact().written(), form.password(), null);
	}

	/**
	 * A code was sent.
	 *
	 * @param id the gateway's id of the sign-up
	 * @param codeExpiresAt when the code expires
	 * @param attemptsLeft how many wrong codes close it
	 */
	record Begun(UUID id, Instant codeExpiresAt, int attemptsLeft) {

	}

}
