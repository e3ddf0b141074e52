package com.deliveryservice.authgateway.token;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.key.TokenSettings;
import com.deliveryservice.authgateway.session.SessionActivity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Tokens that were verified, by their whole text. Whether one is still good is asked at
 * each use; this only bounds the memory, to an eighth of the heap.
 */
@Component
class VerifiedTokens {

	private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 8;

	/** Beside its text: the caller, its ids and times, and the cache's own node. */
	private static final int ENTRY_BYTES = 450;

	private final Cache<Text, VerifiedToken> tokens;

	private final SessionActivity activity;

	private final TokenSettings settings;

	VerifiedTokens(TokenSettings settings, SessionActivity activity) {
		this.settings = settings;
		this.activity = activity;
		this.tokens = Caffeine.newBuilder()
			.maximumWeight(MAX_BYTES)
			.weigher((Text text, VerifiedToken verified) -> text.token().length() + ENTRY_BYTES)
			.expireAfterWrite(settings.longestUse())
			.build();
	}

	/**
	 * How long tokens are good.
	 */
	TokenSettings settings() {
		return this.settings;
	}

	/**
	 * Has the use of a good token noted, at most once a minute for each.
	 * @param now in ms since 1970
	 */
	void used(VerifiedToken token, long now) {
		if (token.use().isDue(now)) {
			this.activity.seen(token.caller().sessionId());
		}
	}

	@Nullable VerifiedToken find(String token) {
		return this.tokens.getIfPresent(new Text(token));
	}

	void put(String token, VerifiedToken verified) {
		this.tokens.put(new Text(token), verified);
	}

	/**
	 * A token as a key. The end of its signature tells it from others as well as all of
	 * it would, and hashing the 600 characters of each request's token was one fiftieth
	 * of what forwarding it costs. Only what was verified is kept, so nobody chooses it.
	 */
	private record Text(String token) {

		private static final int TAIL = 12;

		@Override
		public int hashCode() {
			int hash = 0;
			for (int i = Math.max(0, this.token.length() - TAIL); i < this.token.length(); i++) {
				hash = 31 * hash + this.token.charAt(i);
			}
			return hash;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Text text && this.token.equals(text.token);
		}

		@Override
		public String toString() {
			return "Text[…]";
		}

	}

}
