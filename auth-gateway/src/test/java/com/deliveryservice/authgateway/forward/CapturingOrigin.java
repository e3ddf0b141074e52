package com.deliveryservice.authgateway.forward;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;

/**
 * A backend on a plain socket: records the exact bytes of each connection, and answers as
 * its script says, which can end by FIN or by RST, stall, or send anything at all.
 */
public final class CapturingOrigin implements AutoCloseable {

	private final ServerSocket server;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "origin");
		thread.setDaemon(true);
		return thread;
	});

	private final List<Connection> connections = new CopyOnWriteArrayList<>();

	private volatile Script script;

	private volatile CountDownLatch released = new CountDownLatch(1);

	/**
	 * What to do on a connection.
	 */
	@FunctionalInterface
	public interface Script {

		/**
		 * Runs on a thread of its own; the connection is closed by FIN when it returns.
		 */
		void serve(Connection connection) throws IOException, InterruptedException;

	}

	private CapturingOrigin(int port, Script script) throws IOException {
		this.server = new ServerSocket(port, 512, InetAddress.getLoopbackAddress());
		this.script = script;
		this.threads.execute(this::accept);
	}

	/**
	 * Starts one on a free port.
	 */
	public static CapturingOrigin start(Script script) {
		return start(0, script);
	}

	/**
	 * Starts one on a certain port; 0 is any that is free.
	 */
	public static CapturingOrigin start(int port, Script script) {
		try {
			return new CapturingOrigin(port, script);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Answers each request with the text, {@code \n} for CRLF, as long as the connection
	 * lasts.
	 */
	public static Script answering(String answer) {
		return (connection) -> {
			while (connection.readRequest()) {
				connection.write(answer);
			}
		};
	}

	/**
	 * Answers {@code 200} with the body {@code hello}.
	 */
	public static Script hello() {
		return answering("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\n\nhello");
	}

	public int port() {
		return this.server.getLocalPort();
	}

	public void script(Script script) {
		this.script = script;
	}

	/**
	 * Begins anew: ends the connections that are open, waits until the gateway has
	 * noticed, two seconds at most, and forgets what came.
	 */
	public void renew(Script script) {
		release();
		this.script = script;
		this.connections.forEach(Connection::endOutput);
		long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
		while (System.nanoTime() < deadline && !this.connections.stream().allMatch(Connection::isOver)) {
			LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
		}
		this.connections.forEach(Connection::drop);
		this.connections.clear();
		this.released = new CountDownLatch(1);
	}

	/** Lets scripts go on that wait for it. */
	public void release() {
		this.released.countDown();
	}

	public List<Connection> connections() {
		return this.connections;
	}

	/**
	 * Waits for the first connection.
	 */
	public Connection connection() {
		return connection(0);
	}

	/**
	 * Waits for a connection.
	 * @param index from 0, in order of coming
	 */
	public Connection connection(int index) {
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> this.connections.size() > index);
		return this.connections.get(index);
	}

	/**
	 * Everything that came, over all connections.
	 */
	public String received() {
		StringBuilder all = new StringBuilder();
		this.connections.forEach((connection) -> all.append(connection.received()));
		return all.toString();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Connection connection = new Connection(this.server.accept(), this.released);
				this.connections.add(connection);
				Script current = this.script;
				this.threads.execute(() -> connection.run(current));
			}
			catch (IOException | RejectedExecutionException ex) {
				return;
			}
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
			for (Connection connection : this.connections) {
				connection.socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.shutdownNow();
	}

	/** One connection of the gateway. */
	public static final class Connection {

		private final Socket socket;

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private int consumed;

		private volatile boolean ended;

		private volatile boolean reset;

		private final CountDownLatch released;

		private Connection(Socket socket, CountDownLatch released) throws IOException {
			this.socket = socket;
			this.released = released;
			socket.setTcpNoDelay(true);
		}

		private void run(Script script) {
			try (this.socket) {
				script.serve(this);
			}
			catch (IOException ex) {
				this.reset = true;
				this.ended = true;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		/**
		 * Everything received so far, ISO-8859-1.
		 */
		public synchronized String received() {
			return this.bytes.toString(StandardCharsets.ISO_8859_1);
		}

		/**
		 * Reads one whole request, with its body.
		 * @return false if the connection ended instead
		 */
		public boolean readRequest() throws IOException {
			if (!readUntil("\r\n\r\n")) {
				return false;
			}
			String pending = received().substring(this.consumed);
			int head = pending.indexOf("\r\n\r\n") + 4;
			String lower = pending.substring(0, head).toLowerCase(java.util.Locale.ROOT);
			int at = lower.indexOf("\r\ncontent-length: ");
			this.consumed += head;
			if (at >= 0) {
				int length = Integer.parseInt(lower.substring(at + 18, lower.indexOf('\r', at + 18)));
				while (received().length() < this.consumed + length) {
					if (!readSome()) {
						return false;
					}
				}
				this.consumed += length;
			}
			else if (lower.contains("\r\ntransfer-encoding: chunked")) {
				boolean whole = readUntil("\r\n0\r\n\r\n") || received().startsWith("0\r\n\r\n", this.consumed);
				this.consumed = received().length();
				return whole;
			}
			return true;
		}

		/**
		 * Reads HTTP/2 frames, behind the preface, until one of the type has come.
		 * @return false if the connection ended instead
		 */
		public boolean readFrame(int type) throws IOException {
			this.consumed = Math.max(this.consumed, 24);
			while (true) {
				while (received().length() < this.consumed + 9) {
					if (!readSome()) {
						return false;
					}
				}
				String head = received().substring(this.consumed, this.consumed + 9);
				int length = (head.charAt(0) << 16) | (head.charAt(1) << 8) | head.charAt(2);
				while (received().length() < this.consumed + 9 + length) {
					if (!readSome()) {
						return false;
					}
				}
				this.consumed += 9 + length;
				if (head.charAt(3) == type) {
					return true;
				}
			}
		}

		/**
		 * Reads until the text has come, behind what was consumed.
		 * @return false if the connection ended instead
		 */
		public boolean readUntil(String text) throws IOException {
			while (received().indexOf(text, this.consumed) < 0) {
				if (!readSome()) {
					return false;
				}
			}
			return true;
		}

		/**
		 * Reads until the gateway ends the connection.
		 */
		public void readToEnd() throws IOException {
			boolean more = true;
			while (more) {
				more = readSome();
			}
		}

		private boolean readSome() throws IOException {
			byte[] buffer = new byte[65536];
			InputStream in = this.socket.getInputStream();
			int n = in.read(buffer);
			if (n < 0) {
				this.ended = true;
				return false;
			}
			synchronized (this) {
				this.bytes.write(buffer, 0, n);
			}
			return true;
		}

		/**
		 * Waits for {@link CapturingOrigin#release}, ten seconds at most.
		 */
		public void awaitRelease() throws InterruptedException {
			this.released.await(10, TimeUnit.SECONDS);
		}

		/**
		 * Reads until {@link CapturingOrigin#release}, or until the gateway ends the
		 * connection.
		 */
		public void awaitReleaseOrEnd() throws IOException {
			this.socket.setSoTimeout(10);
			while (this.released.getCount() > 0) {
				try {
					if (!readSome()) {
						return;
					}
				}
				catch (SocketTimeoutException ex) {
					// nothing came yet
				}
			}
		}

		/**
		 * Writes text, {@code \n} for CRLF.
		 */
		public void write(String text) throws IOException {
			this.socket.getOutputStream()
				.write(text.replaceAll("(?<!\r)\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
			this.socket.getOutputStream().flush();
		}

		public void write(byte[] content) throws IOException {
			this.socket.getOutputStream().write(content);
			this.socket.getOutputStream().flush();
		}

		private void endOutput() {
			try {
				this.socket.shutdownOutput();
			}
			catch (IOException ex) {
				this.ended = true; // it was closed already
			}
		}

		private boolean isOver() {
			return this.ended || this.socket.isClosed();
		}

		private void drop() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/** Closes by RST. */
		public void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}

		/** Closes by FIN. */
		public void finish() throws IOException {
			this.socket.close();
		}

		/**
		 * Whether the gateway has ended it, as far as the script has read.
		 */
		public boolean hasEnded() {
			return this.ended;
		}

		public boolean wasReset() {
			return this.reset;
		}

	}

}
