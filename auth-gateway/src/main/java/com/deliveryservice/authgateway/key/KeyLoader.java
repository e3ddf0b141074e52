package com.deliveryservice.authgateway.key;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Fills the key ring from the database. What cannot be opened with the encryption key is
 * never trusted, so that writing to the table alone makes no key.
 */
@Component
class KeyLoader {

	private static final Logger logger = LoggerFactory.getLogger(KeyLoader.class);

	private final KeyStore store;

	private final KeyRing ring;

	private final CryptoProvider provider;

	private final EncryptionKey current;

	private final @Nullable EncryptionKey previous;

	private final Duration keep;

	KeyLoader(KeyStore store, KeyRing ring, CryptoProvider provider, KeySettings settings, TokenSettings tokens) {
		this.store = store;
		this.ring = ring;
		this.provider = provider;
		this.current = settings.currentKey();
		this.previous = settings.previousKey();
		this.keep = tokens.longestUse();
	}

	/**
	 * Loads all keys; makes the first one if there is none.
	 * @return completes when the ring is filled; fails with
	 * {@link WrongEncryptionKeyException} if a stored key cannot be opened
	 */
	Mono<Void> loadOrCreate() {
		return usable().flatMap(
				(keys) -> keys.stream().anyMatch(StoredKey::isActive) ? Mono.just(keys) : createFirst().then(usable()))
			.publishOn(Schedulers.boundedElastic())
			.flatMap(this::fill);
	}

	private Mono<List<StoredKey>> usable() {
		return this.store.findUsable(this.keep).collectList();
	}

	private Mono<Void> createFirst() {
		return Mono.fromCallable(() -> KeyPairJwk.generate(this.provider))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((pair) -> this.store.insertFirst(pair, this.current));
	}

	private Mono<Void> fill(List<StoredKey> stored) {
		Map<String, SigningKey> keys = new LinkedHashMap<>();
		SigningKey active = null;
		Flux<Void> reseals = Flux.empty();
		for (StoredKey row : stored) {
			SigningKey known = this.ring.find(row.kid());
			if (known == null) {
				KeyPairJwk pair = open(row);
				known = SigningKey.of(pair, this.provider);
				reseals = row.encryptionKeyId().equals(this.current.id()) ? reseals
						: reseals.concatWith(this.store.reseal(pair, this.current));
			}
			keys.put(row.kid(), known);
			active = row.isActive() ? known : active;
		}
		this.ring.replace(Objects.requireNonNull(active, "an active key"), keys.values());
		logger.debug("{} signing keys are loaded", keys.size());
		return reseals.then();
	}

	private KeyPairJwk open(StoredKey row) {
		try {
			boolean isOld = this.previous != null && row.encryptionKeyId().equals(this.previous.id());
			return KeyPairJwk.open(row.sealed(), row.kid(),
					isOld ? Objects.requireNonNull(this.previous) : this.current);
		}
		catch (GeneralSecurityException ex) {
			throw new WrongEncryptionKeyException(ex);
		}
	}

}
