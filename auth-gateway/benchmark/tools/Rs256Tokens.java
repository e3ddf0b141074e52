import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Makes what the peers with RS256 need: {@code rs256.tokens} (one a line, with the claims
 * of the gateway's own), {@code rs256.pem} (the public key), and one token each that has
 * expired or is meant for somebody else, which every peer has to refuse.
 * <p>
 * Usage: {@code java Rs256Tokens.java FOLDER COUNT ISSUER AUDIENCE}
 */
class Rs256Tokens {

	private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

	private static final long HOUR = 3600;

	private final PrivateKey key;

	private final String issuer;

	Rs256Tokens(PrivateKey key, String issuer) {
		this.key = key;
		this.issuer = issuer;
	}

	public static void main(String[] args) throws Exception {
		Path folder = Path.of(args[0]);
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		KeyPair pair = generator.generateKeyPair();
		Rs256Tokens tokens = new Rs256Tokens(pair.getPrivate(), args[2]);
		List<String> lines = new ArrayList<>();
		for (int i = 0; i < Integer.parseInt(args[1]); i++) {
			lines.add(tokens.token(args[3], HOUR));
		}
		Files.write(folder.resolve("rs256.tokens"), lines);
		Files.writeString(folder.resolve("rs256.expired"), tokens.token(args[3], -HOUR));
		Files.writeString(folder.resolve("rs256.other-audience"), tokens.token("somebody-else", HOUR));
		Files.writeString(folder.resolve("rs256.pem"), "-----BEGIN PUBLIC KEY-----\n"
				+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(pair.getPublic().getEncoded())
				+ "\n-----END PUBLIC KEY-----\n");
	}

	/**
	 * @param lifetime seconds from now
	 */
	private String token(String audience, long lifetime) throws GeneralSecurityException {
		long now = Instant.now().getEpochSecond();
		String claims = """
				{"iss":"%s","aud":"%s","sub":"%s","sid":"%s","jti":"%s","iat":%d,"exp":%d,"user_type":"customer",\
				"scope":"orders:read orders:write","session_exp":%d}"""
			.formatted(this.issuer, audience, UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(),
					now - 2 * HOUR, now + lifetime, now + 720 * HOUR);
		String content = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + UUID.randomUUID() + "\"}") + "."
				+ encode(claims);
		Signature signature = Signature.getInstance("SHA256withRSA");
		signature.initSign(this.key);
		signature.update(content.getBytes(StandardCharsets.US_ASCII));
		return content + "." + BASE64.encodeToString(signature.sign());
	}

	private static String encode(String json) {
		return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
	}

}
