package com.deliveryservice.authgateway.testing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TcpProxyTests {

	private ServerSocket server;

	private TcpProxy proxy;

	TcpProxyTests() throws IOException {
		this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.proxy = TcpProxy.to(this.server.getInetAddress().getHostAddress(), this.server.getLocalPort());
	}

	@BeforeEach
	void echo() {
		Thread thread = new Thread(() -> {
			try {
				while (true) {
					Socket socket = this.server.accept();
					Thread echoing = new Thread(() -> echo(socket));
					echoing.setDaemon(true);
					echoing.start();
				}
			}
			catch (IOException ex) {
				assertThat(this.server.isClosed()).isTrue();
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.server.close();
	}

	@Test
	void bytesPassBothWays() throws Exception {
		try (Socket socket = connect()) {
			assertThat(ask(socket)).isEqualTo(7);
			assertThat(this.proxy.connections()).isEqualTo(1);
		}
	}

	@Test
	void aCutIsAnEndAndAResetIsABreak() throws Exception {
		try (Socket first = connect(); Socket second = connect()) {
			ask(first);
			ask(second);
			this.proxy.cut();
			assertThat(first.getInputStream().read()).isEqualTo(-1);
		}
		try (Socket third = connect()) {
			ask(third);
			this.proxy.reset();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> third.getInputStream().read());
		}
	}

	@Test
	void aBlackHoleAnswersNothingUntilItIsHealed() throws Exception {
		try (Socket socket = connect()) {
			ask(socket);
			this.proxy.blackHole();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> ask(socket));
			this.proxy.heal();
		}
		try (Socket socket = connect()) {
			assertThat(ask(socket)).isEqualTo(7);
		}
	}

	@Test
	void aBlackHoleForWhoSaidSomethingLeavesTheOthersAlone() throws Exception {
		try (Socket talker = connect(); Socket other = connect()) {
			talker.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
			assertThat(talker.getInputStream().readNBytes(3)).hasSize(3);
			assertThat(this.proxy.blackHoleFor("bc")).isOne();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> ask(talker));
			assertThat(ask(other)).isEqualTo(7);
			this.proxy.heal();
			assertThat(ask(other)).isEqualTo(7);
		}
	}

	@Test
	void whatIsGoneIsRefusedAndComesBackOnTheSamePort() throws Exception {
		this.proxy.goAway();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		this.proxy.heal();
		try (Socket socket = connect()) {
			assertThat(ask(socket)).isEqualTo(7);
		}
	}

	@Test
	void aDelayDelays() throws Exception {
		try (Socket socket = connect()) {
			ask(socket);
			this.proxy.delay(Duration.ofMillis(100));
			long before = System.nanoTime();
			ask(socket);
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(199));
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.proxy.port());
		socket.setSoTimeout(1000);
		return socket;
	}

	private static int ask(Socket socket) throws IOException {
		socket.getOutputStream().write(7);
		return socket.getInputStream().read();
	}

	private static void echo(Socket socket) {
		try (socket) {
			for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
				socket.getOutputStream().write(b);
			}
		}
		catch (IOException ex) {
			assertThat(ex).isNotNull();
		}
	}

}
