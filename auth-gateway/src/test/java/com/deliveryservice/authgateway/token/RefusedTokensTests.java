package com.deliveryservice.authgateway.token;

import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.key.TestKeys;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;

import static com.deliveryservice.authgateway.token.TokensFixture.encode;
import static com.deliveryservice.authgateway.token.TokensFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class RefusedTokensTests {

	private final TokensFixture fixture = new TokensFixture();

	private final AccessTokens tokens = this.fixture.tokens;

	@ParameterizedTest
	@ValueSource(strings = { "none", "nOnE", "NONE", "HS256", "ES384", "RS256", "PS256", "EdDSA" })
	void anotherAlgorithmInTheHeaderIsRefused(String algorithm) {
		String header = this.fixture.header("at+jwt").replace("ES256", algorithm);
		String payload = json(this.fixture.claims());
		refused(this.fixture.sign(header, payload));
		refused(encode(header) + "." + encode(payload) + ".");
		refused(encode(header) + "." + encode(payload));
	}

	@Test
	void aTokenWithoutSignatureIsRefused() {
		String token = right();
		refused(token.substring(0, token.lastIndexOf('.')));
		refused(token.substring(0, token.lastIndexOf('.') + 1));
	}

	@Test
	void thePublicKeyIsNoSharedSecret() throws Exception {
		ECKey key = (ECKey) JWKSet.parse(this.fixture.keys.toJwkSet()).getKeys().get(0);
		byte[] der = key.toECPublicKey().getEncoded();
		byte[] pem = ("-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(der)
				+ "\n-----END PUBLIC KEY-----\n")
			.getBytes(StandardCharsets.US_ASCII);
		for (byte[] secret : List.of(der, pem)) {
			JWSObject jws = new JWSObject(JWSHeader.parse(this.fixture.header("at+jwt").replace("ES256", "HS256")),
					new Payload(json(this.fixture.claims())));
			jws.sign(new MACSigner(secret));
			refused(jws.serialize());
		}
	}

	@Test
	void anRsaTokenWithOurKidIsRefused() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.PS256)) {
			JWSObject jws = new JWSObject(
					JWSHeader.parse(this.fixture.header("at+jwt").replace("ES256", algorithm.getName())),
					new Payload(json(this.fixture.claims())));
			jws.sign(new RSASSASigner(generator.generateKeyPair().getPrivate()));
			refused(jws.serialize());
		}
	}

	@Test
	void anUnknownKidIsRefusedWhateverItHolds() {
		for (String kid : List.of("other", "'; DROP TABLE auth.session; --", "../../etc/passwd", "x".repeat(5120), "",
				TestKeys.newKey().kid())) {
			String header = json(Map.of("alg", "ES256", "typ", "at+jwt", "kid", kid));
			refused(this.fixture.sign(header, json(this.fixture.claims())));
		}
	}

	@Test
	void aThousandUnknownKidsAreRefusedInMemory() {
		assertTimeout(Duration.ofSeconds(5), () -> {
			for (int i = 0; i < 1000; i++) {
				refused(encode(json(Map.of("alg", "ES256", "typ", "at+jwt", "kid", "k" + i))) + "." + encode("{}") + "."
						+ "A".repeat(86));
			}
		});
	}

	@Test
	void aHeaderWithMoreOrLessThanOursIsRefused() {
		String kid = this.fixture.active().kid();
		String payload = json(this.fixture.claims());
		refused(this.fixture.sign(json(Map.of("alg", "ES256", "typ", "at+jwt")), payload));
		refused(this.fixture.sign(json(Map.of("alg", "ES256", "kid", kid)), payload));
		refused(this.fixture.sign(json(Map.of("typ", "at+jwt", "kid", kid)), payload));
		refused(this.fixture.sign(json(Map.of("alg", "ES256", "typ", "at+jwt", "kid", 7)), payload));
		for (Map.Entry<String, Object> more : Map
			.<String, Object>of("crit", List.of("exp"), "b64", false, "jwk", Map.of("kty", "EC"), "jku",
					"https://evil.example/jwks", "x5u", "https://evil.example/x5", "zip", "DEF")
			.entrySet()) {
			refused(this.fixture.sign(
					json(Map.of("alg", "ES256", "typ", "at+jwt", "kid", kid, more.getKey(), more.getValue())),
					payload));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "JWT", "jwt", "AT+JWT", "application/at+jwt", "logout+jwt", "identity+jwt", "sign-up+jwt",
			"reset+jwt", "" })
	void anotherTypeOfTokenIsRefused(String type) {
		refused(this.fixture.sign(this.fixture.header(type), json(this.fixture.claims())));
	}

	@Test
	void ourOwnAssertionIsNoAccessToken() {
		Caller caller = this.tokens.verify(right());
		refused(this.fixture.assertions.assertionOf(caller, "delivery-api"));
	}

	static Stream<Arguments> wrongClaims() {
		Stream.Builder<Arguments> cases = Stream.builder();
		for (String claim : List.of("iss", "aud", "sub", "sid", "jti", "iat", "exp", "user_type", "scope",
				"session_exp")) {
			cases.add(wrong(claim + " missing", (claims) -> claims.remove(claim)));
			cases.add(wrong(claim + " null", (claims) -> claims.put(claim, null)));
			cases.add(wrong(claim + " object", (claims) -> claims.put(claim, Map.of("a", 1))));
			cases.add(wrong(claim + " true", (claims) -> claims.put(claim, true)));
		}
		for (String claim : List.of("iat", "exp", "session_exp")) {
			for (Object value : List.of("1795410606", 1e30, -1, 1.5, Long.MAX_VALUE, 253_402_300_800L)) {
				cases.add(wrong(claim + " " + value, (claims) -> claims.put(claim, value)));
			}
		}
		for (String claim : List.of("sub", "sid", "jti")) {
			for (Object value : List.of(17, "", "anna", "1-1-1-1-1", UUID.randomUUID() + "\r\nX-Auth-User-Id: 1",
					UUID.randomUUID().toString().toUpperCase(java.util.Locale.ROOT) + "A")) {
				cases.add(wrong(claim + " " + value, (claims) -> claims.put(claim, value)));
			}
		}
		cases.add(wrong("iss other", (claims) -> claims.put("iss", "https://evil.example")));
		cases.add(wrong("iss with slash", (claims) -> claims.put("iss", TokensFixture.ISSUER + "/")));
		cases.add(wrong("aud other", (claims) -> claims.put("aud", "customer")));
		cases.add(wrong("aud without us", (claims) -> claims.put("aud", List.of("a", "b"))));
		cases.add(wrong("aud empty", (claims) -> claims.put("aud", List.of())));
		cases.add(wrong("aud mixed", (claims) -> claims.put("aud", List.of("delivery-api", 1))));
		cases.add(wrong("user_type array", (claims) -> claims.put("user_type", List.of("customer"))));
		cases.add(wrong("user_type CRLF", (claims) -> claims.put("user_type", "customer\r\nX: 1")));
		cases.add(wrong("user_type empty", (claims) -> claims.put("user_type", "")));
		cases.add(wrong("scope array", (claims) -> claims.put("scope", List.of("orders:read"))));
		cases.add(wrong("scope CRLF", (claims) -> claims.put("scope", "orders:read\r\nX: 1")));
		cases.add(wrong("scope two spaces", (claims) -> claims.put("scope", "a  b")));
		cases.add(wrong("exp after session_exp", (claims) -> claims.put("session_exp", claims.get("iat"))));
		cases.add(wrong("exp past", (claims) -> claims.put("exp", 1_000_000_000L)));
		cases.add(wrong("iat ahead", (claims) -> claims.merge("iat", 11L, RefusedTokensTests::sum)));
		cases.add(wrong("nbf ahead", (claims) -> claims.put("nbf",
				((Number) java.util.Objects.requireNonNull(claims.get("iat"))).longValue() + 11)));
		cases.add(wrong("nbf string", (claims) -> claims.put("nbf", "now")));
		return cases.build();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongClaims")
	void aRightlySignedTokenWithAWrongClaimIsRefused(String name, Consumer<Map<String, @Nullable Object>> change) {
		refused(this.fixture.with(change));
	}

	@Test
	void whatIsWithinTheSkewOrUnusualPasses() {
		this.tokens.verify(right());
		this.tokens.verify(this.fixture.with((claims) -> claims.merge("iat", 9L, RefusedTokensTests::sum)));
		this.tokens.verify(this.fixture.with((claims) -> claims.put("aud", List.of("other", "delivery-api"))));
		this.tokens.verify(this.fixture.with((claims) -> claims.put("nbf", claims.get("iat"))));
		this.tokens.verify(this.fixture.with((claims) -> claims.put("more", "is ignored")));
		assertThat(this.tokens.verify(this.fixture.with((claims) -> claims.put("user_type", "Pilot"))).userType())
			.isEqualTo("Pilot");
	}

	@Test
	void encryptedAndJsonFormsAreRefusedAtOnce() {
		String pbes2 = encode(
				"{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A256GCM\",\"p2c\":2147483647," + "\"p2s\":\"AAAAAAAA\"}");
		String bomb = encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}");
		assertTimeout(Duration.ofMillis(500), () -> {
			refused(pbes2 + ".AAAA.AAAA.AAAA.AAAA");
			refused(bomb + "..AAAA." + "A".repeat(3000) + ".AAAA");
			refused("{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"AAAA\"}");
		});
	}

	@Test
	void anotherSpellingOfATokenIsRefused() {
		String token = longSignature();
		refused(token + ".");
		refused(token + ".AAAA");
		refused("." + token);
		refused("\uFEFF" + token);
		refused(" " + token);
		refused(token + "\n");
		refused(token + "==");
		refused(token.replace('-', '+').replace('_', '/'));
		refused(token.replace("eyJ", "eyJ="));
		String[] parts = token.split("\\.", -1);
		refused(encode("\uFEFF" + TokensFixture.decode(parts[0])) + "." + parts[1] + "." + parts[2]);
		refused(withSpareBits(token));
	}

	@Test
	void aTokenThatPassedDoesNotVouchForAnotherWithItsSignature() {
		String token = right();
		assertThat(this.tokens.verify(token)).isNotNull();
		int payload = token.indexOf('.') + 1;
		int signature = token.lastIndexOf('.');
		Map<String, @Nullable Object> claims = this.fixture.claims();
		claims.put("sub", UUID.randomUUID().toString());
		refused(token.substring(0, payload) + encode(json(claims)) + token.substring(signature));
	}

	@Test
	void aTokenThatIsTooLongIsRefused() {
		refused(this.fixture.with((claims) -> claims.put("more", "x".repeat(4096))));
	}

	@Test
	void deepNestingIsRefused() {
		String nested = "{\"a\":" + "[".repeat(1400) + "]".repeat(1400) + "}";
		refused(this.fixture.sign(this.fixture.header("at+jwt"), nested));
		refused(encode("[".repeat(380)) + ".e30." + "A".repeat(86));
	}

	@Test
	void aSignatureOfZeroesOrOutOfRangeIsRefused() {
		String input = right().substring(0, right().lastIndexOf('.'));
		refused(input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
		byte[] ones = new byte[64];
		Arrays.fill(ones, (byte) 0xff);
		refused(input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(ones));
	}

	@Test
	void noBytesMakeAnythingElseHappen() {
		Random random = new Random(42);
		String right = right();
		for (int i = 0; i < 20_000; i++) {
			String mutated = mutate(right, random);
			if (!mutated.equals(right)) {
				refused(mutated);
			}
		}
	}

	@Test
	void noSignedPayloadMakesAnythingElseHappen() {
		Random random = new Random(43);
		String payload = json(this.fixture.claims());
		for (int i = 0; i < 2_000; i++) {
			String token = this.fixture.sign(this.fixture.header("at+jwt"), mutate(payload, random));
			try {
				this.tokens.verify(token);
			}
			catch (InvalidTokenException ex) {
				assertThat(ex.getMessage()).hasSizeLessThan(40);
			}
		}
	}

	@Test
	void aReasonTellsNothingOfTheToken() {
		assertThatExceptionOfType(InvalidTokenException.class)
			.isThrownBy(() -> this.tokens.verify(this.fixture.with((claims) -> claims.put("sub", "secret-value"))))
			.withMessage("claim sub");
	}

	private static String mutate(String text, Random random) {
		StringBuilder mutated = new StringBuilder(text);
		int changes = 1 + random.nextInt(3);
		for (int i = 0; i < changes; i++) {
			int at = random.nextInt(mutated.length());
			switch (random.nextInt(4)) {
				case 0 -> mutated.setCharAt(at, (char) random.nextInt(0x100));
				case 1 -> mutated.deleteCharAt(at);
				case 2 -> mutated.insert(at, (char) random.nextInt(0x3000));
				default ->
					mutated.insert(at, mutated.substring(at, Math.min(mutated.length(), at + random.nextInt(9))));
			}
		}
		return mutated.toString();
	}

	private String right() {
		return this.fixture.with((claims) -> {
		});
	}

	/** A token that has both special letters of base64url in it. */
	private String longSignature() {
		List<String> seen = new ArrayList<>();
		String token = right();
		while (!token.contains("-") || !token.contains("_")) {
			seen.add(token);
			assertThat(seen).hasSizeLessThan(1000);
			token = right();
		}
		return token;
	}

	private static String withSpareBits(String token) {
		String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		int last = alphabet.indexOf(token.charAt(token.length() - 1));
		return token.substring(0, token.length() - 1) + alphabet.charAt(last | 1);
	}

	private static Arguments wrong(String name, Consumer<Map<String, @Nullable Object>> change) {
		return arguments(name, change);
	}

	private static Object sum(Object left, Object right) {
		return ((Number) left).longValue() + ((Number) right).longValue();
	}

	private void refused(String token) {
		assertThatExceptionOfType(InvalidTokenException.class).as(token).isThrownBy(() -> this.tokens.verify(token));
	}

}
