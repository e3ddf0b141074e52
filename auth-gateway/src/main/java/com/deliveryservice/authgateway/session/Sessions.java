package com.deliveryservice.authgateway.session;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Owns all sessions. Every operation is one conditional statement or one transaction on
 * the database's clock, and fails with
 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException} when the
 * database cannot do it. A session that this replica ended is refused by
 * {@link EndedSessions} before the operation completes; the others learn of it by
 * notification.
 */
public interface Sessions {

	/**
	 * Opens a session and its chain of refresh tokens; ends the oldest of the user's
	 * sessions if there are more than the user type allows. What the condition has seen,
	 * and locked, holds until the session is there to be ended.
	 * @param session what to open
	 * @param condition asked in the same transaction, before anything is changed
	 * @return empty if the condition is not met
	 */
	Mono<OpenSession> open(NewSession session, Function<DatabaseClient, Mono<Boolean>> condition);

	/**
	 * Exchanges a refresh token for its successor and moves the session's idle limit. A
	 * used token gets the same successor again within
	 * {@code auth-gateway.session.refresh-overlap}, as long as that one is unused; any
	 * other use of it is a replay and ends the session.
	 */
	Mono<RefreshResult> refresh(RefreshToken token);

	/**
	 * As {@link #refresh}, while workflow-auth cannot be asked: its session token may
	 * have ended, by no more than {@code auth-gateway.session.outage-grace}.
	 * @return {@link RefreshResult.RenewalDue} if it ended before that
	 */
	Mono<RefreshResult> refreshInGrace(RefreshToken token);

	/**
	 * Takes note that workflow-auth renewed the session token behind a session; other
	 * live sessions of the user with this very token have it renewed too.
	 * @param due as {@link #refresh} gave it
	 * @param workflowTokenGuid the session token; only a digest of it is stored
	 * @param endsAt when it ends now
	 */
	Mono<Void> renewed(RefreshResult.RenewalDue due, UUID workflowTokenGuid, Instant endsAt);

	/**
	 * Ends a session.
	 * @return {@code true} if it was live
	 */
	Mono<Boolean> end(UUID sessionId, EndReason reason);

	/**
	 * Ends a session of this user, if it is live still.
	 * @return whether the user has, or had, such a session
	 */
	Mono<Boolean> endOf(UUID userId, UUID sessionId, EndReason reason);

	/**
	 * Ends the session that a refresh token belongs to, used or not.
	 * @return {@code true} if there is such a session and it was live
	 */
	Mono<Boolean> end(RefreshToken token, EndReason reason);

	/**
	 * Ends every session of a user, but one if asked.
	 * @param userId the user
	 * @param except the session to keep, or {@code null} for none
	 * @param reason why
	 * @return the ids of those that were live
	 */
	Mono<List<UUID>> endAll(UUID userId, @Nullable UUID except, EndReason reason);

	/**
	 * Changes something about a user and ends the sessions that this concerns, in one
	 * transaction.
	 * @param <T> of what the change gives
	 * @param userId the user
	 * @param except the session to keep, or {@code null} for none
	 * @param reason why they end
	 * @param change the change; if it is empty, no session ends
	 * @return what the change gave, after the commit
	 */
	<T> Mono<T> endAllWith(UUID userId, @Nullable UUID except, EndReason reason,
			Function<DatabaseClient, Mono<T>> change);

	/**
	 * The live sessions of a user, newest first.
	 */
	Flux<Session> findLive(UUID userId);

}
