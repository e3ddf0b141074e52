package com.deliveryservice.authgateway.staff;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * Page tokens as clients see them: opaque, and good only as they were given, for the list
 * that they were given with. Under the current encryption key alone: when it is changed,
 * a list is read from its beginning.
 */
@Component
class PageTokens {

	private static final String ALGORITHM = "HmacSHA256";

	private static final int POSITION_BYTES = 28;

	private static final int MAC_BYTES = 16;

	private static final int CHARACTERS = (POSITION_BYTES + MAC_BYTES) / 3 * 4 + 3;

	private final SecretKeySpec key;

	PageTokens(DerivedKeys keys) {
		byte[] secret = keys.find(keys.currentId(), "page tokens");
		if (secret == null) {
			throw new IllegalStateException("no key");
		}
		this.key = new SecretKeySpec(secret, ALGORITHM);
	}

	/**
	 * The token of a position.
	 * @param list which list it is a position of, in words
	 */
	String write(PageToken token, String list) {
		Instant at = token.createdAt();
		byte[] position = ByteBuffer.allocate(POSITION_BYTES)
			.putLong(at.getEpochSecond())
			.putInt(at.getNano())
			.putLong(token.id().getMostSignificantBits())
			.putLong(token.id().getLeastSignificantBits())
			.array();
		byte[] all = ByteBuffer.allocate(POSITION_BYTES + MAC_BYTES).put(position).put(mac(position, list)).array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
	}

	/**
	 * Reads one; {@code null} if it was not given for this list.
	 */
	@Nullable PageToken read(String text, String list) {
		byte[] bytes = decode(text);
		if (bytes.length != POSITION_BYTES + MAC_BYTES) {
			return null;
		}
		byte[] position = Arrays.copyOf(bytes, POSITION_BYTES);
		if (!MessageDigest.isEqual(mac(position, list), Arrays.copyOfRange(bytes, POSITION_BYTES, bytes.length))) {
			return null;
		}
		ByteBuffer buffer = ByteBuffer.wrap(position);
		Instant createdAt = Instant.ofEpochSecond(buffer.getLong(), buffer.getInt());
		return new PageToken(createdAt, new UUID(buffer.getLong(), buffer.getLong()));
	}

	private static byte[] decode(String text) {
		try {
			return (text.length() == CHARACTERS) ? Base64.getUrlDecoder().decode(text) : new byte[0];
		}
		catch (IllegalArgumentException ex) {
			return new byte[0];
		}
	}

	private byte[] mac(byte[] position, String list) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			mac.update(position);
			return Arrays.copyOf(mac.doFinal(list.getBytes(StandardCharsets.UTF_8)), MAC_BYTES);
		}
		catch (NoSuchAlgorithmException | InvalidKeyException ex) {
			throw new IllegalStateException(ALGORITHM, ex);
		}
	}

}
