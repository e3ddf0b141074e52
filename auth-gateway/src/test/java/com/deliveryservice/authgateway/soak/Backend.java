package com.deliveryservice.authgateway.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A backend on plain sockets that does as the last two segments of the path say:
 * {@code …/<what>/<number>}.
 */
final class Backend implements AutoCloseable {

	/** What its threads are called. */
	static final String THREADS = "soak-backend";

	private static final String HELLO = "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello";

	private final ServerSocket server;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, THREADS);
		thread.setDaemon(true);
		return thread;
	});

	Backend() {
		try {
			this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				this.threads.execute(() -> serve(socket));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			socket.setTcpNoDelay(true);
			Visit visit = new Visit(socket);
			boolean more = true;
			while (more) {
				more = visit.next();
			}
		}
		catch (IOException ex) {
			// the gateway has left
		}
		finally {
			this.sockets.remove(socket);
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.threads.shutdownNow();
	}

	/** One connection of the gateway. */
	private static final class Visit {

		private final Socket socket;

		private final InputStream in;

		private String head = "";

		Visit(Socket socket) throws IOException {
			this.socket = socket;
			this.in = new BufferedInputStream(socket.getInputStream());
		}

		/** Serves a request; false if there is none more to come. */
		boolean next() throws IOException {
			this.head = head();
			String[] path = this.head.split(" ", 3)[1].split("/", -1);
			int number = Integer.parseInt(path[path.length - 1]);
			String what = path[path.length - 2];
			return switch (what) {
				case "bytes" -> answer(bodyOf(number));
				case "chunks" -> answerInChunks(bodyOf(number));
				case "large" -> answer(largeOf(number));
				case "huge" -> answer(Payload.huge());
				case "echo" -> answer(body());
				case "ask" -> write("HTTP/1.1 100 Continue\n\n") && answer(body());
				case "head" -> body() != null && answer(this.head.getBytes(StandardCharsets.ISO_8859_1));
				case "events" -> events(number);
				case "frames" -> frames();
				default -> fault(what, number % 2 == 0);
			};
		}

		private byte[] bodyOf(int number) throws IOException {
			body();
			return Payload.of(number);
		}

		private byte[] largeOf(int number) throws IOException {
			body();
			return Payload.large(number);
		}

		private boolean fault(String what, boolean byReset) throws IOException {
			if (!what.equals("early")) {
				body();
			}
			return switch (what) {
				case "none" -> end(byReset);
				case "short" -> write("HTTP/1.1 200 OK\nContent-Length: 1000\n\nhalf") && end(byReset);
				case "unended" -> write("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nhalf\n") && end(byReset);
				case "stalled" -> write("HTTP/1.1 200 OK\nContent-Length: 1000\n\nhalf") && waitForEnd();
				case "silent" -> waitForEnd();
				case "misframed" -> write("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\nhello");
				case "hints" -> write("HTTP/1.1 103 Early Hints\nLink: </a>\n\n" + HELLO);
				case "switched" -> write("HTTP/1.1 101 Switching Protocols\nUpgrade: x\n\n" + HELLO) && waitForEnd();
				case "trailing" -> write(HELLO + "HTTP/1.1 200 OK\nContent-Length: 6\n\npoison") && waitForEnd();
				case "early" -> write("HTTP/1.1 413 Content Too Large\nContent-Length: 3\n\nbig") && waitForEnd();
				default -> throw new IOException("asked for " + what);
			};
		}

		private boolean events(int number) throws IOException {
			write("HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n");
			for (int i = 0; i < 5; i++) {
				write("b\ndata: " + i + "\n\n\n");
			}
			return (number % 2 == 0) ? write("0\n\n") : waitForEnd();
		}

		/** Frames of the client come back, unmasked; its masks are zero. */
		private boolean frames() throws IOException {
			String key = this.head.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
			write("HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Accept: "
					+ accept(key) + "\n\n");
			int opcode;
			do {
				opcode = next(this.in);
				int length = next(this.in) & 0x7f;
				this.in.skipNBytes(4);
				byte[] frame = new byte[length + 2];
				frame[0] = (byte) opcode;
				frame[1] = (byte) length;
				if (this.in.readNBytes(frame, 2, length) < length) {
					throw new EOFException();
				}
				this.socket.getOutputStream().write(frame);
			}
			while (opcode != 0x88);
			return waitForEnd();
		}

		private static String accept(String key) {
			try {
				byte[] digest = MessageDigest.getInstance("SHA-1")
					.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
				return Base64.getEncoder().encodeToString(digest);
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private String head() throws IOException {
			StringBuilder text = new StringBuilder();
			while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
				text.append((char) next(this.in));
			}
			return text.toString();
		}

		private byte[] body() throws IOException {
			String lower = this.head.toLowerCase(Locale.ROOT);
			int at = lower.indexOf("\r\ncontent-length: ");
			if (at >= 0) {
				return exactly(Integer.parseInt(lower.substring(at + 18, lower.indexOf("\r\n", at + 2))));
			}
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			int size = lower.contains("\r\ntransfer-encoding: chunked") ? 1 : 0;
			while (size != 0) {
				size = Integer.parseInt(line(), 16);
				body.writeBytes(exactly(size));
				line();
			}
			return body.toByteArray();
		}

		private byte[] exactly(int length) throws IOException {
			byte[] bytes = this.in.readNBytes(length);
			if (bytes.length < length) {
				throw new EOFException();
			}
			return bytes;
		}

		private String line() throws IOException {
			StringBuilder line = new StringBuilder();
			int next;
			while ((next = next(this.in)) != '\n') {
				line.append((char) next);
			}
			return line.toString().strip();
		}

		private static int next(InputStream in) throws IOException {
			int next = in.read();
			if (next < 0) {
				throw new EOFException();
			}
			return next;
		}

		private boolean answer(byte[] body) throws IOException {
			write("HTTP/1.1 200 OK\nContent-Length: " + body.length + "\n\n");
			if (!this.head.startsWith("HEAD ")) {
				this.socket.getOutputStream().write(body);
			}
			return true;
		}

		private boolean answerInChunks(byte[] body) throws IOException {
			write("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
			int size = 1 + body.length / 3;
			for (int from = 0; from < body.length; from += size) {
				int length = Math.min(size, body.length - from);
				write(Integer.toHexString(length) + "\n");
				this.socket.getOutputStream().write(body, from, length);
				write("\n");
			}
			return write("0\n\n");
		}

		private boolean write(String text) throws IOException {
			this.socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
			return true;
		}

		private boolean waitForEnd() throws IOException {
			this.in.transferTo(java.io.OutputStream.nullOutputStream());
			return false;
		}

		private boolean end(boolean byReset) throws IOException {
			if (byReset) {
				this.socket.setSoLinger(true, 0);
			}
			this.socket.close();
			return false;
		}

	}

}
