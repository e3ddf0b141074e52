package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import com.deliveryservice.authgateway.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;

/** The edge by TLS: HTTP/1.1 as in clear text, HTTP/2 for who asks for it. */
class EdgeTlsTests {

	private static final Certificate CERTIFICATE = Certificate.ofLocalhost();

	private static final String GET = "GET /public/x HTTP/1.1\nHost: a\n\n";

	private final CapturingOrigin origin = CapturingOrigin.start(CapturingOrigin.hello());

	private final EdgeTls tls = new EdgeTls(CERTIFICATE.bundle(), true);

	private final EdgeUnderTest edge = EdgeUnderTest.to(this.origin)
		.and("edge.max-connections", "3")
		.route("ws", "/ws/**", this.origin.port(), "websocket", "true", "access.anonymous", "true")
		.tls(this.tls)
		.start();

	@AfterEach
	void stop() {
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.connections() == 0);
		this.edge.close();
		this.origin.close();
	}

	@Test
	void http11IsSpokenAsInClearText() {
		for (String[] offered : new String[][] { { "http/1.1" }, {}, { "spdy/3", "http/1.1" } }) {
			try (RawClient client = RawClient.tls(this.edge.port(), CERTIFICATE, offered)) {
				assertThat(client.send(GET).readAnswer()).startsWith("HTTP/1.1 200 ").endsWith("hello");
				assertThat(client.send(GET).readAnswer()).endsWith("hello");
				assertThat(client.send("GET /a  b HTTP/1.1\nHost: a\n\n").readToEnd()).startsWith("HTTP/1.1 400 ")
					.contains("Connection: close");
			}
		}
		assertThat(this.origin.received()).contains("X-Forwarded-Proto: https\r\n")
			.contains("X-Forwarded-Port: 443\r\n");
	}

	@Test
	void http2IsPreferred() {
		try (RawClient client = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1", "h2")) {
			assertThat(client.protocol()).isEqualTo("h2");
		}
	}

	@Test
	void aRefusalIsReadWhileTheBodyIsStillBeingSent() {
		try (RawClient client = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1")) {
			client.send("POST /api/customer/x HTTP/1.1\nHost: a\nContent-Length: 9000000\n\n");
			for (int i = 0; i < 20; i++) {
				client.sendBytes(new byte[65536]);
			}
			assertThat(client.readToEnd()).startsWith("HTTP/1.1 401 ").endsWith("}");
			assertThat(client.wasReset()).isFalse();
		}
	}

	@Test
	void anAnswerWithoutALengthThatIsCutOffEndsByAResetAndNotByANotice() {
		this.origin.script((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n");
			connection.reset();
		});
		try (RawClient client = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1")) {
			client.send("GET /public/x HTTP/1.0\nHost: a\n\n").readToEnd();
			assertThat(client.wasReset()).isTrue();
		}
	}

	@Test
	void aWebSocketPasses() {
		this.origin.script((connection) -> {
			connection.readUntil("\r\n\r\n");
			connection.write("""
					HTTP/1.1 101 Switching Protocols
					Connection: Upgrade
					Upgrade: websocket
					Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

					""");
			connection.write("\u0081\u0005hello");
			connection.readUntil("\u0088");
			connection.write("\u0088\u0002\u0003\u00e8");
		});
		try (RawClient client = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1")) {
			client.send("""
					GET /ws/x HTTP/1.1
					Host: a
					Connection: Upgrade
					Upgrade: websocket
					Sec-WebSocket-Version: 13
					Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

					""");
			assertThat(client.readUntil("\u0081\u0005hello")).startsWith("HTTP/1.1 101 ");
			client.sendExactly("\u0088\u0082\0\0\0\0\u0003\u00e8");
			assertThat(client.readToEnd()).endsWith("\u0088\u0002\u0003\u00e8");
		}
	}

	@Test
	void aConnectionAboveTheLimitIsClosedBeforeTheHandshake() throws IOException {
		try (RawClient first = RawClient.tls(this.edge.port(), CERTIFICATE, "h2");
				RawClient second = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1");
				RawClient third = this.edge.client();
				Socket fourth = new Socket("localhost", this.edge.port())) {
			assertThat(second.send(GET).readAnswer()).endsWith("hello");
			fourth.setSoTimeout(5000);
			assertThat(fourth.getInputStream().read()).isEqualTo(-1);
			assertThat(first.protocol()).isEqualTo("h2");
			assertThat(third.text()).isEmpty();
		}
	}

	@Test
	void aNewCertificateCountsForNewConnections(@TempDir Path folder) throws Exception {
		Certificate fresh = Certificate.of(folder, "dns:localhost");
		try (RawClient open = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1")) {
			this.tls.reload(null, fresh.bundle());
			assertThat(open.send(GET).readAnswer()).endsWith("hello");
		}
		try (RawClient client = RawClient.tls(this.edge.port(), fresh, "http/1.1")) {
			assertThat(client.send(GET).readAnswer()).endsWith("hello");
		}
	}

	@Test
	void aNewCertificateThatCannotBeUsedChangesNothing(@TempDir Path folder) throws Exception {
		this.tls.reload(null, SslBundle.of(SslStoreBundle.NONE));
		this.tls.reload(null, Certificate.of(folder, "dns:localhost").withKeyOf(CERTIFICATE).bundle());
		try (RawClient client = RawClient.tls(this.edge.port(), CERTIFICATE, "http/1.1")) {
			assertThat(client.send(GET).readAnswer()).endsWith("hello");
		}
	}

	@Test
	void aServerNameMayHaveACertificateOfItsOwn(@TempDir Path folder) throws Exception {
		Certificate own = Certificate.of(folder, "dns:api.example");
		this.tls.reload("API.example", own.bundle());
		assertThat(nameShownTo("api.example")).contains("api.example");
		assertThat(nameShownTo("other.example")).contains("localhost");
	}

	/**
	 * The subject's alternative name in the certificate that a client of this name sees.
	 */
	private String nameShownTo(String serverName) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new Anybody() }, null);
		try (Socket tcp = new Socket("localhost", this.edge.port());
				SSLSocket socket = (SSLSocket) context.getSocketFactory()
					.createSocket(tcp, serverName, this.edge.port(), true)) {
			socket.setSoTimeout(5000);
			socket.startHandshake();
			X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
			return String.valueOf(shown.getSubjectAlternativeNames());
		}
	}

	private static final class Anybody implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
