import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs people up and in through the gateway's own API, and leaves {@code es256.tokens}
 * (one a line) and {@code es256.pem}, the public key that signed them, taken from the
 * gateway's JWKS.
 * <p>
 * Usage: {@code java -cp TEST_CLASS_PATH SignIn.java FOLDER COUNT GATEWAY STAND_IN}
 */
class SignIn {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String PASSWORD = "a password of the benchmark";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String gateway;

	private final String standIn;

	SignIn(String gateway, String standIn) {
		this.gateway = gateway;
		this.standIn = standIn;
	}

	public static void main(String[] args) throws Exception {
		Path folder = Path.of(args[0]);
		SignIn signIn = new SignIn(args[2], args[3]);
		List<String> tokens = signIn.all(Integer.parseInt(args[1]));
		Files.write(folder.resolve("es256.tokens"), tokens);
		Files.writeString(folder.resolve("es256.pem"), signIn.keyOf(tokens));
	}

	private List<String> all(int count) throws Exception {
		// as many at a time as there are cores to hash passwords on: more would be told to come back later
		ExecutorService people = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
		try {
			List<Future<String>> tokens = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				int number = i;
				tokens.add(people.submit(() -> token(number)));
			}
			List<String> all = new ArrayList<>();
			for (Future<String> token : tokens) {
				all.add(token.get());
			}
			return all;
		}
		finally {
			people.shutdownNow();
		}
	}

	/**
	 * Each person comes from an address of their own, as through an ingress: that many
	 * from one would be throttled, and rightly so.
	 */
	private String token(int number) throws IOException, InterruptedException {
		String address = "10.0." + number / 250 + "." + (1 + number % 250);
		String login = "person-" + number;
		String email = login + "@example.org";
		String id = call(202, post(address, "/auth/sign-up", Map.of("login", login, "email", email, "password", PASSWORD)))
			.path("sign_up_id")
			.asString();
		String code = call(200, HttpRequest.newBuilder(URI.create(this.standIn + "/outbox?to=" + email))).path(0)
			.path("code")
			.asString();
		call(204, post(address, "/auth/sign-up/" + id + "/verification", Map.of("code", code)));
		return call(200, post(address, "/auth/sign-in", Map.of("login", login, "password", PASSWORD))).path("access_token")
			.asString();
	}

	/**
	 * The one key that signed all of them, in PEM.
	 */
	private String keyOf(List<String> tokens) throws Exception {
		JWKSet keys = JWKSet
			.parse(call(200, HttpRequest.newBuilder(URI.create(this.gateway + "/.well-known/jwks.json"))).toString());
		String id = SignedJWT.parse(tokens.get(0)).getHeader().getKeyID();
		for (String token : tokens) {
			if (!id.equals(SignedJWT.parse(token).getHeader().getKeyID())) {
				throw new IllegalStateException("more than one key has signed: HAProxy would be given only one");
			}
		}
		JWK key = keys.getKeyByKeyId(id);
		return "-----BEGIN PUBLIC KEY-----\n"
				+ Base64.getMimeEncoder(64, new byte[] { '\n' })
					.encodeToString(((ECKey) key).toECPublicKey().getEncoded())
				+ "\n-----END PUBLIC KEY-----\n";
	}

	private HttpRequest.Builder post(String address, String path, Map<String, String> body) {
		return HttpRequest.newBuilder(URI.create(this.gateway + path))
			.header("Content-Type", "application/json")
			.header("X-Forwarded-For", address)
			.POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
	}

	/**
	 * Comes back when told to (429, 503), for a minute at most.
	 */
	private JsonNode call(int expected, HttpRequest.Builder builder) throws IOException, InterruptedException {
		HttpRequest request = builder.timeout(Duration.ofSeconds(10)).build();
		Instant end = Instant.now().plus(PATIENCE);
		while (true) {
			HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() == expected) {
				return JSON.readTree(response.body().isEmpty() ? "null" : response.body());
			}
			long wait = response.headers().firstValueAsLong("Retry-After").orElse(-1);
			if (wait < 0 || Instant.now().plusSeconds(wait).isAfter(end)) {
				throw new IllegalStateException(
						request.method() + " " + request.uri() + ": " + response.statusCode() + " " + response.body());
			}
			Thread.sleep(1000 * wait);
		}
	}

}
