package com.deliveryservice.authgateway.session;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.identity.UserType;
import com.deliveryservice.authgateway.identity.UserTypes;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sessions in PostgreSQL.
 */
@Component
class StoredSessions implements Sessions {

	private final Database database;

	private final SessionStore store;

	private final Refreshing refreshing;

	private final RefreshTokens tokens;

	private final UserTypes userTypes;

	private final EndedSessions endedSessions;

	StoredSessions(Database database, SessionStore store, Refreshing refreshing, RefreshTokens tokens,
			UserTypes userTypes, EndedSessions endedSessions) {
		this.database = database;
		this.store = store;
		this.refreshing = refreshing;
		this.tokens = tokens;
		this.userTypes = userTypes;
		this.endedSessions = endedSessions;
	}

	@Override
	public Mono<OpenSession> open(NewSession session, Function<DatabaseClient, Mono<Boolean>> condition) {
		UserType type = this.userTypes.find(session.userType());
		if (type == null) {
			return Mono.error(new IllegalArgumentException("unknown user type"));
		}
		return this.database
			.inTransaction((client) -> this.store.lock(client, session.userId())
				.then(Mono.defer(() -> condition.apply(client)))
				.filter(Boolean::booleanValue)
				.flatMap((met) -> this.store.endSurplus(client, session.userId(), type.session().max() - 1)
					.collectList())
				.flatMap((replaced) -> this.store
					.insert(client, this.tokens.drawId(), session, type.session(), this.tokens.draw())
					.map((opened) -> new Opened(opened, replaced))))
			.doOnNext((opened) -> opened.replaced().forEach(this.endedSessions::add))
			.map(Opened::session);
	}

	@Override
	public Mono<RefreshResult> refresh(RefreshToken token) {
		return this.refreshing.refresh(token);
	}

	@Override
	public Mono<RefreshResult> refreshInGrace(RefreshToken token) {
		return this.refreshing.refreshInGrace(token);
	}

	@Override
	public Mono<Void> renewed(RefreshResult.RenewalDue due, UUID workflowTokenGuid, Instant endsAt) {
		return this.database.one((client) -> this.store.renewed(client, due, workflowTokenGuid, endsAt));
	}

	@Override
	public Mono<Boolean> end(UUID sessionId, EndReason reason) {
		return noted((client) -> this.store.end(client, sessionId, reason)).map((ended) -> !ended.isEmpty());
	}

	@Override
	public Mono<Boolean> endOf(UUID userId, UUID sessionId, EndReason reason) {
		return this.database.one((client) -> this.store.isOf(client, userId, sessionId))
			.flatMap((known) -> known ? end(sessionId, reason).thenReturn(true) : Mono.just(false));
	}

	@Override
	public Mono<Boolean> end(RefreshToken token, EndReason reason) {
		return noted((client) -> this.store.end(client, token, reason)).map((ended) -> !ended.isEmpty());
	}

	@Override
	public Mono<List<UUID>> endAll(UUID userId, @Nullable UUID except, EndReason reason) {
		return noted((client) -> this.store.endAll(client, userId, except, reason));
	}

	@Override
	public <T> Mono<T> endAllWith(UUID userId, @Nullable UUID except, EndReason reason,
			Function<DatabaseClient, Mono<T>> change) {
		return this.database
			.inTransaction((client) -> change.apply(client)
				.flatMap((changed) -> this.store.endAll(client, userId, except, reason)
					.collectList()
					.map((ended) -> new Changed<>(changed, ended))))
			.doOnNext((done) -> done.ended().forEach(this.endedSessions::add))
			.map(Changed::result);
	}

	@Override
	public Flux<Session> findLive(UUID userId) {
		return this.database.many((client) -> this.store.findLive(client, userId));
	}

	/** Only after the commit: rows arrive before it. */
	private Mono<List<UUID>> noted(Function<DatabaseClient, Flux<UUID>> ending) {
		return this.database.inTransaction((client) -> ending.apply(client).collectList())
			.doOnNext((ids) -> ids.forEach(this.endedSessions::add));
	}

	private record Changed<T>(T result, List<UUID> ended) {

	}

	private record Opened(OpenSession session, List<UUID> replaced) {

	}

}
