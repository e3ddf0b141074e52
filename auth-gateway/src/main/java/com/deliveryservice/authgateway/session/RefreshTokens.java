package com.deliveryservice.authgateway.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.Randomness;

/**
 * Draws refresh tokens, and derives a successor from its predecessor: HMAC-SHA-256(key,
 * predecessor ‖ nonce). The nonce and the key's id are stored, the key and the tokens are
 * not; so the same successor can be given again, and neither a dump of the table nor one
 * old token opens the chain.
 */
@Component
class RefreshTokens {

	private static final String PURPOSE = "refresh token successor";

	private static final int BYTES = 32;

	private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

	private final DerivedKeys keys;

	private final Randomness randomness;

	RefreshTokens(DerivedKeys keys, Randomness randomness) {
		this.keys = keys;
		this.randomness = randomness;
	}

	/**
	 * The first of a chain.
	 */
	RefreshToken draw() {
		return new RefreshToken(BASE64URL.encodeToString(this.randomness.nextBytes(BYTES)));
	}

	/**
	 * The id of a new session.
	 */
	UUID drawId() {
		return this.randomness.nextUuid();
	}

	/**
	 * What a new successor is derived with.
	 */
	Derivation newDerivation() {
		return new Derivation(ByteBuffer.wrap(this.randomness.nextBytes(BYTES)), this.keys.currentId());
	}

	/**
	 * The successor; the same for the same arguments.
	 * @return {@code null} if the key of this derivation is gone
	 */
	@Nullable RefreshToken successorOf(RefreshToken predecessor, Derivation derivation) {
		byte[] key = this.keys.find(derivation.keyId(), PURPOSE);
		if (key == null) {
			return null;
		}
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			mac.update(predecessor.value().getBytes(StandardCharsets.US_ASCII));
			mac.update(derivation.nonce().duplicate());
			return new RefreshToken(BASE64URL.encodeToString(mac.doFinal()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("HMAC-SHA-256", ex);
		}
	}

	static ByteBuffer digestOf(RefreshToken token) {
		return digest(token.value());
	}

	static ByteBuffer digestOf(UUID guid) {
		return digest(guid.toString());
	}

	private static ByteBuffer digest(String text) {
		try {
			return ByteBuffer
				.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("SHA-256", ex);
		}
	}

	/**
	 * What a successor is derived with, beside its predecessor.
	 *
	 * @param nonce drawn for it alone
	 * @param keyId names the key
	 */
	record Derivation(ByteBuffer nonce, String keyId) {

	}

}
