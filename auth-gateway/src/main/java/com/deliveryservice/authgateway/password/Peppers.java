package com.deliveryservice.authgateway.password;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The keys that are in no database, so that a copy of it alone tells nothing about
 * passwords. A key's id is derived from it: nobody has to choose one, and none can be
 * wrong. Never prints itself.
 */
@Component
public final class Peppers {

	private static final byte[] ID = "auth-gateway pepper id".getBytes(StandardCharsets.UTF_8);

	private static final int ID_BYTES = 8;

	private final Map<String, byte[]> keys = new LinkedHashMap<>();

	private final @Nullable String currentId;

	public Peppers(PepperSettings settings) {
		settings.formerKeys().forEach((key) -> this.keys.put(idOf(key), key));
		byte[] current = settings.currentKey();
		this.currentId = (current != null) ? idOf(current) : null;
		if (current != null) {
			this.keys.put(idOf(current), current);
		}
	}

	/**
	 * The id of the key for new hashes, or {@code null} if they get none.
	 */
	@Nullable String currentId() {
		return this.currentId;
	}

	/**
	 * HMAC-SHA-256 over a tag.
	 * @throws UnknownPepperException if no key has this id
	 */
	byte[] apply(String keyId, byte[] tag) {
		byte[] key = this.keys.get(keyId);
		if (key == null) {
			throw new UnknownPepperException(keyId);
		}
		return hmac(key, tag);
	}

	private static String idOf(byte[] key) {
		return HexFormat.of().formatHex(hmac(key, ID), 0, ID_BYTES);
	}

	private static byte[] hmac(byte[] key, byte[] message) {
		HMac hmac = new HMac(new SHA256Digest());
		hmac.init(new KeyParameter(key));
		hmac.update(message, 0, message.length);
		byte[] mac = new byte[hmac.getMacSize()];
		hmac.doFinal(mac, 0);
		return mac;
	}

	@Override
	public String toString() {
		return "Peppers" + this.keys.keySet();
	}

}
