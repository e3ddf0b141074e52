package com.deliveryservice.authgateway.token;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Tokens that were verified, by their whole text. Whether one is still good is asked at
 * each use; this only bounds the memory, to an eighth of the heap.
 */
class VerifiedTokens {

	private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 8;

	/** Beside its text: the caller, its ids and times, and the cache's own node. */
	private static final int ENTRY_BYTES = 450;

	private final Cache<String, VerifiedToken> tokens;

	/**
	 * An empty cache.
	 * @param longest how long a token can be good after it was verified
	 */
	VerifiedTokens(Duration longest) {
		this.tokens = Caffeine.newBuilder()
			.maximumWeight(MAX_BYTES)
			.weigher((String token, VerifiedToken verified) -> token.length() + ENTRY_BYTES)
			.expireAfterWrite(longest)
			.build();
	}

	@Nullable VerifiedToken find(String token) {
		return this.tokens.getIfPresent(token);
	}

	void put(String token, VerifiedToken verified) {
		this.tokens.put(token, verified);
	}

}
