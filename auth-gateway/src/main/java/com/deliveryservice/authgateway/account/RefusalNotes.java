package com.deliveryservice.authgateway.account;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

import reactor.core.publisher.Mono;

/**
 * Tells the audit trail of what was refused. An outage is no refusal.
 */
@Component
class RefusalNotes {

	private final AuditTrail trail;

	RefusalNotes(AuditTrail trail) {
		this.trail = trail;
	}

	/**
	 * Notes a failure if it is a refusal, and fails with it.
	 * @param failure what the person is told
	 * @param wrong what it is when the credential is wrong
	 * @param about the event's other parts
	 */
	<T> Mono<T> noted(ProblemException failure, EventType wrong, SecurityEvent about) {
		EventType type = typeOf(failure.problem().code(), wrong);
		return ((type != null) ? this.trail.note(about.as(type)) : Mono.<Void>empty()).then(Mono.error(failure));
	}

	/**
	 * Tells of anything else.
	 */
	Mono<Void> note(SecurityEvent event) {
		return this.trail.note(event);
	}

	private static @Nullable EventType typeOf(ProblemCode code, EventType wrong) {
		return switch (code) {
			case INVALID_CREDENTIALS, CODE_INCORRECT -> wrong;
			case TOO_MANY_ATTEMPTS ->
				(wrong == EventType.SIGN_IN_FAILED) ? EventType.SIGN_IN_THROTTLED : EventType.THROTTLED;
			case TOO_MANY_REQUESTS -> EventType.THROTTLED;
			default -> null;
		};
	}

}
