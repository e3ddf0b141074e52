package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Rotates the signing keys, on schedule and on demand. Every replica may try; the lock
 * and the conditions in the database let one do it.
 */
@Component
class KeyRotation {

	/**
	 * A key that nobody knows yet is public for this long before it signs, also when an
	 * operator is in a hurry: by then every replica that can be notified has loaded it.
	 */
	private static final Duration KNOWN_EVERYWHERE = Duration.ofMillis(500);

	private static final Logger logger = LoggerFactory.getLogger(KeyRotation.class);

	private final KeyStates states;

	private final CryptoProvider provider;

	private final KeySettings settings;

	private final Duration keep;

	/** This replica's own; the others hear of it by the database. */
	private final KeyChanges changes;

	KeyRotation(KeyStates states, CryptoProvider provider, KeySettings settings, TokenSettings tokens,
			KeyChanges changes) {
		this.changes = changes;
		this.states = states;
		this.provider = provider;
		this.settings = settings;
		this.keep = tokens.longestUse();
	}

	/**
	 * Does what is due: publishes a next key, lets it sign, forgets old ones.
	 */
	Mono<Void> advance() {
		return this.states.isNextWanted(this.settings.rotateEvery(), this.settings.publishBefore())
			.flatMap((wanted) -> wanted ? prepare(this.settings.publishBefore()) : Mono.just(false))
			.then(Mono.defer(() -> this.states
				.change((client) -> this.states.rotateWhenDue(client, this.settings.rotateEvery()))))
			.doOnNext((kid) -> logger.info("Signing key {} is active", kid))
			.then(Mono.defer(() -> this.states.forget(this.keep)));
	}

	/**
	 * Lets another key sign at once.
	 * @return all keys afterwards
	 */
	Mono<List<KeyState>> rotate() {
		return makeNextKnown().then(Mono.defer(() -> this.states.change(this.states::rotate)))
			.doOnNext((kid) -> logger.warn("Signing key {} is active, as an operator wished", kid))
			.doOnSuccess((kid) -> this.changes.changed())
			.then(Mono.defer(this.states::list));
	}

	/**
	 * Makes a key good for nothing, at once and everywhere.
	 * @return all keys afterwards; empty if there is no such key
	 */
	Mono<List<KeyState>> revoke(String kid) {
		return this.states.list()
			.filter((all) -> all.stream().anyMatch((key) -> key.kid().equals(kid)))
			.delayUntil((all) -> isActive(all, kid) ? makeNextKnown() : Mono.empty())
			.delayUntil((all) -> this.states.change((client) -> this.states.revoke(client, kid))
				.doOnNext((revoked) -> logger.warn("Signing key {} is revoked, as an operator wished", revoked)))
			.doOnNext((before) -> this.changes.changed())
			.flatMap((before) -> this.states.list());
	}

	/**
	 * All keys.
	 */
	Mono<List<KeyState>> list() {
		return this.states.list();
	}

	private static boolean isActive(List<KeyState> keys, String kid) {
		return keys.stream().anyMatch((key) -> key.kid().equals(kid) && key.status().equals(StoredKey.ACTIVE));
	}

	private Mono<Void> makeNextKnown() {
		return prepare(Duration.ZERO)
			.flatMap((made) -> made ? Mono.delay(KNOWN_EVERYWHERE).then() : Mono.<Void>empty());
	}

	/**
	 * Whether there was none, so that a new one was stored.
	 */
	private Mono<Boolean> prepare(Duration publishBefore) {
		return Mono.fromCallable(() -> SealedPair.of(KeyPairJwk.generate(this.provider), this.settings.currentKey()))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((pair) -> this.states.change((client) -> this.states.prepare(client, pair, publishBefore)))
			.hasElement();
	}

}
