package com.deliveryservice.authgateway.account;

import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.RefreshResult.RenewalDue;
import com.deliveryservice.authgateway.session.Sessions;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuth;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthOverloadedException;
import com.deliveryservice.authgateway.workflowauth.WorkflowAuthUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Has workflow-auth renew the session token behind a session. Only its refusal ends the
 * session; that it is away is no verdict about the person (contract/workflow-auth.md).
 */
@Component
class SessionTokenRenewal {

	private static final Logger logger = LoggerFactory.getLogger(SessionTokenRenewal.class);

	private final WorkflowAuth workflowAuth;

	private final Users users;

	private final Sessions sessions;

	SessionTokenRenewal(WorkflowAuth workflowAuth, Users users, Sessions sessions) {
		this.workflowAuth = workflowAuth;
		this.users = users;
		this.sessions = sessions;
	}

	/**
	 * Renews it, if that is possible now.
	 * @param due which
	 * @return {@code true} if the session goes on, renewed or not; {@code false} if it
	 * was ended; fails with
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	Mono<Boolean> renew(RenewalDue due) {
		return this.users.find(due.userId())
			.filter((user) -> user.status() == User.Status.ACTIVE)
			.flatMap((user) -> ask(due))
			.switchIfEmpty(Mono.defer(() -> end(due, EndReason.SUSPENDED)));
	}

	private Mono<Boolean> ask(RenewalDue due) {
		return this.workflowAuth.deadline(this.workflowAuth.getTokenByUserUid(due.userId()))
			.flatMap((token) -> this.sessions.renewed(due, token.tokenGuid(), token.endsAt()).thenReturn(true))
			.switchIfEmpty(Mono.defer(() -> end(due, EndReason.WORKFLOW_AUTH_REFUSED)))
			.onErrorResume(SessionTokenRenewal::isOutage, (failure) -> goOn(due, failure));
	}

	private Mono<Boolean> end(RenewalDue due, EndReason reason) {
		logger.info("Session {} ends at its refresh: {}", due.sessionId(), reason.code());
		return this.sessions.end(due.sessionId(), reason).thenReturn(false);
	}

	private static Mono<Boolean> goOn(RenewalDue due, Throwable failure) {
		logger.info("The session token behind session {} is renewed later: {}", due.sessionId(), failure.getMessage());
		return Mono.just(true);
	}

	private static boolean isOutage(Throwable failure) {
		return failure instanceof WorkflowAuthUnavailableException
				|| failure instanceof WorkflowAuthOverloadedException;
	}

}
