package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.session.RefreshResult.Reason;
import com.deliveryservice.authgateway.session.RefreshResult.Refreshed;
import com.deliveryservice.authgateway.session.RefreshResult.Rejected;
import com.deliveryservice.authgateway.session.RefreshResult.RenewalDue;
import com.deliveryservice.authgateway.session.RefreshResult.TooMany;
import com.deliveryservice.authgateway.session.RefreshStore.Conditions;
import com.deliveryservice.authgateway.session.RefreshStore.Looked;
import com.deliveryservice.authgateway.session.RefreshTokens.Derivation;

import reactor.core.publisher.Mono;

/**
 * The course of a refresh: use the token up; if that is not possible, find out whether
 * this is a repetition or a replay.
 */
@Component
class Refreshing {

	private static final Logger logger = LoggerFactory.getLogger(Refreshing.class);

	/**
	 * workflow-auth's session token is renewed this long before its end: a phone in use
	 * refreshes twice in it, so that an outage is met while the old one is still good.
	 */
	static final Duration RENEW_BEFORE = Duration.ofMinutes(10);

	private final Database database;

	private final RefreshStore store;

	private final RefreshTokens tokens;

	private final SessionSettings settings;

	private final EndedSessions endedSessions;

	Refreshing(Database database, RefreshStore store, RefreshTokens tokens, SessionSettings settings,
			EndedSessions endedSessions) {
		this.database = database;
		this.store = store;
		this.tokens = tokens;
		this.settings = settings;
		this.endedSessions = endedSessions;
	}

	Mono<RefreshResult> refresh(RefreshToken token) {
		return refresh(token, new Conditions(RENEW_BEFORE.negated(), this.settings.refreshesPerMinute()));
	}

	Mono<RefreshResult> refreshInGrace(RefreshToken token) {
		return refresh(token, new Conditions(this.settings.outageGrace(), this.settings.refreshesPerMinute()));
	}

	private Mono<RefreshResult> refresh(RefreshToken token, Conditions conditions) {
		return Mono.defer(() -> rotate(token, conditions)).switchIfEmpty(Mono.defer(() -> judge(token, conditions)));
	}

	private Mono<RefreshResult> rotate(RefreshToken token, Conditions conditions) {
		Derivation derivation = this.tokens.newDerivation();
		RefreshToken successor = Objects.requireNonNull(this.tokens.successorOf(token, derivation), "current key");
		return this.database.one((client) -> this.store.rotate(client, token, conditions, derivation, successor))
			.map((session) -> new Refreshed(session, false));
	}

	private Mono<RefreshResult> judge(RefreshToken token, Conditions conditions) {
		return this.database.one((client) -> this.store.look(client, token, conditions, this.settings.refreshOverlap()))
			.flatMap((looked) -> judge(token, looked))
			.defaultIfEmpty(new Rejected(Reason.UNKNOWN));
	}

	private Mono<RefreshResult> judge(RefreshToken token, Looked looked) {
		if (!looked.live()) {
			return Mono.just(new Rejected(looked.ended() ? Reason.ENDED : Reason.EXPIRED));
		}
		if (!looked.used()) {
			return unused(looked);
		}
		return looked.repeatable()
				? this.store.repeated(looked.session()).then(Mono.fromCallable(() -> repeat(token, looked)))
				: endReplayed(token, looked);
	}

	private static Mono<RefreshResult> unused(Looked looked) {
		if (looked.hurried()) {
			return Mono.just(new TooMany());
		}
		if (!looked.renewed()) {
			Session session = looked.session().session();
			return Mono.just(new RenewalDue(session.id(), session.userId()));
		}
		// good in every way, and yet it could not be used up a moment ago: nothing is
		// lost by asking again
		return Mono.error(new DatabaseUnavailableException(new IllegalStateException("unused token")));
	}

	private RefreshResult repeat(RefreshToken token, Looked looked) {
		Derivation derivation = Objects.requireNonNull(looked.derivation(), "derivation of a used token");
		RefreshToken successor = this.tokens.successorOf(token, derivation);
		OpenSession session = looked.session();
		if (successor == null) {
			logger.warn("The encryption key of a refresh token of session {} is gone", session.session().id());
			return new Rejected(Reason.EXPIRED);
		}
		logger.info("The successor of a refresh token was given again, session {}", session.session().id());
		return new Refreshed(new OpenSession(session.session(), successor, session.refreshExpiresIn()), true);
	}

	private Mono<RefreshResult> endReplayed(RefreshToken token, Looked looked) {
		return this.database
			.inTransaction(
					(client) -> this.store.endReplayed(client, token, this.settings.refreshOverlap()).collectList())
			.doOnNext((ended) -> ended.forEach((id) -> noteReplayed(id, looked)))
			.map((ended) -> new Rejected(Reason.REPLAYED));
	}

	private void noteReplayed(UUID id, Looked looked) {
		this.endedSessions.add(id);
		logger.warn("A refresh token was used again: session {} of user {} is ended", id,
				looked.session().session().userId());
	}

}
