package com.deliveryservice.authgateway.forward;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import com.deliveryservice.authgateway.testing.Certificate;

/**
 * A client that sends the very bytes it is given and keeps the very bytes it gets; no
 * library normalises either.
 */
public final class RawClient implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Socket tcp;

	private final Socket socket;

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private boolean reset;

	private RawClient(Socket tcp, Socket socket) {
		this.tcp = tcp;
		this.socket = socket;
	}

	private static Socket connect(int port) throws IOException {
		Socket socket = new Socket();
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2000);
		socket.setTcpNoDelay(true);
		return socket;
	}

	/**
	 * Connects to a port of this machine.
	 */
	public static RawClient to(int port) {
		try {
			Socket socket = connect(port);
			return new RawClient(socket, socket);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Connects by TLS.
	 * @param protocols offered by ALPN
	 */
	public static RawClient tls(int port, Certificate certificate, String... protocols) {
		try {
			Socket tcp = connect(port);
			SSLSocket socket = (SSLSocket) certificate.context()
				.getSocketFactory()
				.createSocket(tcp, "localhost", port, true);
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setApplicationProtocols(protocols);
			socket.setSSLParameters(parameters);
			socket.setSoTimeout((int) PATIENCE.toMillis());
			socket.startHandshake();
			return new RawClient(tcp, socket);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What ALPN chose; empty for nothing. */
	public String protocol() {
		return ((SSLSocket) this.socket).getApplicationProtocol();
	}

	/**
	 * Sends text, ISO-8859-1, in which {@code \n} stands for CRLF unless it follows
	 * {@code \r}.
	 */
	public RawClient send(String text) {
		return sendExactly(text.replaceAll("(?<!\r)\n", "\r\n"));
	}

	/**
	 * Sends text, ISO-8859-1, as it is.
	 */
	public RawClient sendExactly(String text) {
		return sendBytes(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	public RawClient sendBytes(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
			this.socket.getOutputStream().flush();
		}
		catch (IOException ex) {
			this.reset = true;
		}
		return this;
	}

	/**
	 * Reads until the peer closes.
	 * @return everything received on this connection so far
	 * @throws AssertionError if it is still open after ten seconds
	 */
	public String readToEnd() {
		return readToEnd(PATIENCE);
	}

	/** As {@link #readToEnd()}, with more patience or less. */
	public String readToEnd(Duration patience) {
		if (!read(patience, "\0never")) {
			throw new AssertionError("still open; received so far: " + text());
		}
		return text();
	}

	/**
	 * Reads until what was received contains the text, or the peer closes.
	 * @throws AssertionError if neither happens in ten seconds
	 */
	public String readUntil(String text) {
		if (!read(PATIENCE, text)) {
			throw new AssertionError("waited for \"" + text + "\"; received so far: " + text());
		}
		return text();
	}

	/**
	 * Reads one answer with a Content-Length, or none, and forgets it.
	 */
	public String readAnswer() {
		String head = readUntil("\r\n\r\n");
		int end = head.indexOf("\r\n\r\n") + 4;
		java.util.regex.Matcher length = java.util.regex.Pattern.compile("(?i)\r\ncontent-length: (\\d+)")
			.matcher(head);
		int total = end + (length.find() ? Integer.parseInt(length.group(1)) : 0);
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		boolean ended = false;
		while (!ended && this.received.size() < total && System.nanoTime() < deadline) {
			ended = read(Duration.ofMillis(20), "\0never");
		}
		String all = text();
		this.received.reset();
		String rest = all.substring(Math.min(total, all.length()));
		this.received.writeBytes(rest.getBytes(StandardCharsets.ISO_8859_1));
		return all.substring(0, Math.min(total, all.length()));
	}

	/**
	 * Reads for this long, or until the peer closes.
	 * @return whether it has closed
	 */
	public boolean endsWithin(Duration time) {
		return read(time, "\0never");
	}

	/**
	 * Whether nothing more comes and the connection stays open for this long.
	 */
	public boolean staysOpen(Duration time) {
		int before = this.received.size();
		return !read(time, "\0never") && this.received.size() == before;
	}

	/**
	 * Reads a long body without keeping it, and stops for a moment on the way.
	 * @param length of the body, of which the beginning may have been received already
	 * @param pauseAt after so many bytes
	 * @return how many bytes of it came
	 */
	public int drain(int length, int pauseAt) throws IOException, InterruptedException {
		int count = this.received.size() - text().indexOf("\r\n\r\n") - 4;
		byte[] buffer = new byte[65536];
		this.socket.setSoTimeout((int) PATIENCE.toMillis());
		boolean paused = false;
		int n = 0;
		while (count < length && n >= 0) {
			if (!paused && count > pauseAt) {
				paused = true;
				Thread.sleep(300);
			}
			n = this.socket.getInputStream().read(buffer);
			count += Math.max(n, 0);
		}
		return count;
	}

	/** Closes by FIN. */
	public void finish() {
		close();
	}

	/** Closes by RST. */
	public void reset() {
		try {
			this.tcp.setSoLinger(true, 0);
			this.tcp.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Whether the end came as a reset.
	 */
	public boolean wasReset() {
		return this.reset;
	}

	/** Forgets what was received so far. */
	public void forget() {
		this.received.reset();
	}

	public String text() {
		return this.received.toString(StandardCharsets.ISO_8859_1);
	}

	/** True if the text came or the connection ended; false when time is up. */
	private boolean read(Duration time, String until) {
		long deadline = System.nanoTime() + time.toNanos();
		byte[] buffer = new byte[65536];
		try {
			InputStream in = this.socket.getInputStream();
			while (!text().contains(until)) {
				int left = (int) ((deadline - System.nanoTime()) / 1_000_000);
				if (left <= 0) {
					return false;
				}
				this.socket.setSoTimeout(left);
				int n = in.read(buffer);
				if (n < 0) {
					return true;
				}
				this.received.write(buffer, 0, n);
			}
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (SocketException ex) {
			this.reset = true;
			return true;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
