package com.deliveryservice.authgateway.key;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;

/**
 * The keys that this replica signs and verifies with, in memory. What it holds is
 * replaced as a whole; asking it never waits.
 */
@Component
public class KeyRing implements PublicKeys {

	private static final Snapshot EMPTY = new Snapshot(null, Map.of(), "{\"keys\":[]}");

	private volatile Snapshot snapshot = EMPTY;

	/**
	 * The key to sign with, or {@code null} while none could be loaded.
	 */
	public @Nullable SigningKey active() {
		return this.snapshot.active();
	}

	/**
	 * The key of this id: active, next or retired and still good; {@code null} for any
	 * other id.
	 */
	public @Nullable SigningKey find(String kid) {
		return this.snapshot.byKid().get(kid);
	}

	@Override
	public String toJwkSet() {
		return this.snapshot.jwkSet();
	}

	@Override
	public boolean areLoaded() {
		return this.snapshot.active() != null;
	}

	/**
	 * Replaces all keys.
	 * @param active the one to sign with, one of {@code keys}
	 * @param keys all that verify
	 */
	void replace(SigningKey active, Collection<SigningKey> keys) {
		Map<String, SigningKey> byKid = new LinkedHashMap<>();
		keys.forEach((key) -> byKid.put(key.kid(), key));
		List<JWK> published = keys.stream().<JWK>map(SigningKey::publicJwk).toList();
		this.snapshot = new Snapshot(active, Map.copyOf(byKid), new JWKSet(published).toString(true));
	}

	private record Snapshot(@Nullable SigningKey active, Map<String, SigningKey> byKid, String jwkSet) {

	}

}
