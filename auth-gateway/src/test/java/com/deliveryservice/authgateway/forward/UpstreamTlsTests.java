package com.deliveryservice.authgateway.forward;

import java.nio.file.Path;

import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

import com.deliveryservice.authgateway.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;

/** Backends behind TLS: only with a trusted certificate of that very name. */
@ExtendWith(OutputCaptureExtension.class)
class UpstreamTlsTests {

	private static final String GET = "GET /tls/x HTTP/1.1\nHost: a\nConnection: close\n\n";

	private final Path folder;

	UpstreamTlsTests(@TempDir Path folder) {
		this.folder = folder;
	}

	@Test
	void aTrustedBackendIsForwardedTo() throws Exception {
		Certificate certificate = Certificate.of(this.folder, "dns:localhost");
		try (Backend backend = new Backend(certificate);
				EdgeUnderTest edge = edge("https://localhost:" + backend.port(), certificate)) {
			assertThat(edge.exchange(GET)).startsWith("HTTP/1.1 200 ").endsWith("hello");
			assertThat(edge.exchange(GET)).endsWith("hello");
		}
	}

	@Test
	void aCertificateOfAnotherNameIsABadGatewayThatOnlyTheLogExplains(CapturedOutput log) throws Exception {
		Certificate certificate = Certificate.of(this.folder, "dns:other.example");
		try (Backend backend = new Backend(certificate);
				EdgeUnderTest edge = edge("https://localhost:" + backend.port(), certificate)) {
			assertThat(edge.exchange(GET)).startsWith("HTTP/1.1 502 ")
				.contains("\"code\":\"bad-gateway\"")
				.doesNotContain("localhost")
				.doesNotContain("ertificate");
		}
		assertThat(log).contains("to route tls failed: UNREACHABLE").contains("SSLHandshakeException");
	}

	@Test
	void aCertificateThatNobodyKnowsIsABadGateway() throws Exception {
		Certificate certificate = Certificate.of(this.folder, "dns:localhost");
		try (Backend backend = new Backend(certificate);
				EdgeUnderTest edge = edge("https://localhost:" + backend.port(),
						Certificate.of(this.folder, "dns:localhost"))) {
			assertThat(edge.exchange(GET)).startsWith("HTTP/1.1 502 ");
		}
	}

	private static EdgeUnderTest edge(String upstream, Certificate trusted) throws Exception {
		return EdgeUnderTest.with()
			.route("tls", "/tls/**", 1, "access.anonymous", "true", "upstream", upstream)
			.trusting(trusted.trust())
			.start();
	}

	private record Backend(DisposableServer server) implements AutoCloseable {

		Backend(Certificate certificate) throws Exception {
			this(start(certificate));
		}

		private static DisposableServer start(Certificate certificate) throws Exception {
			SslProvider.GenericSslContextSpec<SslContextBuilder> context = Http11SslContextSpec
				.forServer(certificate.keys());
			return HttpServer.create()
				.host("localhost")
				.secure((ssl) -> ssl.sslContext(context))
				.handle((request, response) -> response.sendString(Mono.just("hello")))
				.bindNow();
		}

		int port() {
			return this.server.port();
		}

		@Override
		public void close() {
			this.server.disposeNow();
		}

	}

}
