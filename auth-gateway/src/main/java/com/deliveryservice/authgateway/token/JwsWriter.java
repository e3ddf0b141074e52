package com.deliveryservice.authgateway.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import com.deliveryservice.authgateway.key.KeyRing;
import com.deliveryservice.authgateway.key.SigningKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import org.jspecify.annotations.Nullable;

/**
 * Writes one kind of token ({@code typ}) with the active key.
 */
class JwsWriter {

	private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

	private final KeyRing keys;

	private final String type;

	private volatile @Nullable Header header;

	JwsWriter(KeyRing keys, String type) {
		this.keys = keys;
		this.type = type;
	}

	/**
	 * Signs claims.
	 * @return the compact JWS
	 * @throws KeysUnavailableException while no key could be loaded
	 */
	String write(Map<String, Object> claims) {
		SigningKey key = this.keys.active();
		if (key == null) {
			throw new KeysUnavailableException();
		}
		String signingInput = headerOf(key) + "." + encode(JSONObjectUtils.toJSONString(claims));
		return signingInput + "." + key.sign(signingInput);
	}

	/** The same for all tokens of a key, so written once. */
	private String headerOf(SigningKey key) {
		Header known = this.header;
		if (known != null && known.kid().equals(key.kid())) {
			return known.encoded();
		}
		String encoded = encode(
				JSONObjectUtils.toJSONString(Map.of("alg", "ES256", "typ", this.type, "kid", key.kid())));
		this.header = new Header(key.kid(), encoded);
		return encoded;
	}

	private static String encode(String json) {
		return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
	}

	private record Header(String kid, String encoded) {

	}

}
