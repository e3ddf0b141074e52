package com.deliveryservice.authgateway.workflowauth;

import java.util.UUID;

import reactor.core.publisher.Mono;

/**
 * The company's authentication service, as the gateway sees it
 * (contract/workflow-auth.md). Every operation fails with
 * {@link WorkflowAuthUnavailableException} when workflow-auth is away, slow, refuses by a
 * failure member or answers anything outside the contract, and with
 * {@link WorkflowAuthOverloadedException} when our own bulkhead is full. None is retried.
 * Each takes at most the configured connect timeout and timeout; who makes several calls
 * for one client request bounds them together with {@link #deadline(Mono)}.
 */
public interface WorkflowAuth {

	/**
	 * Asks to add a user; workflow-auth calls the auth backend back and sends a code to
	 * the contact.
	 * @param user who; {@code email} or {@code phoneNumber}, never both
	 * @return what came of it, never empty
	 */
	Mono<UserCreation> addUser(UserCredentials user);

	/**
	 * Tells how a sign-up ended.
	 * @param signUpGuid as {@link #addUser} answered it
	 * @param tries how many codes were tried, 0 or more
	 * @param closingCode how it ended
	 * @return {@code true} if workflow-auth took it, {@code false} if it was refused
	 */
	Mono<Boolean> verifySignUp(String signUpGuid, int tries, SignUpClosingCode closingCode);

	/**
	 * Asks whether a login and a password belong together.
	 * @param credentials login and password
	 * @return the verified user's id; empty if they do not (an expected refusal)
	 */
	Mono<UUID> verifyUserCredentials(UserCredentials credentials);

	/**
	 * Gets or prolongs the session token of a user that was verified just now.
	 * @param userId as {@link #verifyUserCredentials} gave it
	 * @return the session token; empty if it is refused (200 without failure members and
	 * with an empty {@code tokenGuid})
	 */
	Mono<SessionToken> getTokenByUserUid(UUID userId);

	/**
	 * Bounds all calls that one client request causes by
	 * {@code auth-gateway.workflow-auth.timeout}.
	 * @param <T> of the calls' result
	 * @param calls the calls, as one chain
	 * @return the same, failing with {@link WorkflowAuthUnavailableException} at the
	 * deadline
	 */
	<T> Mono<T> deadline(Mono<T> calls);

}
