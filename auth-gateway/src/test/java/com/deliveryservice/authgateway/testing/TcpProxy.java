package com.deliveryservice.authgateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback with faults: it can refuse new connections, swallow all bytes,
 * delay them, and cut what is open, by FIN or by RST. For a database, workflow-auth or a
 * backend.
 */
public final class TcpProxy implements AutoCloseable {

	private static final int BUFFER = 16 * 1024;

	/** How much of what a client says is remembered, about. */
	private static final int SAID = 8 * 1024;

	private final InetSocketAddress target;

	private final int port;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private volatile ServerSocket server;

	private volatile Thread acceptor;

	private volatile boolean swallowing;

	private volatile @Nullable String swallowed;

	private volatile Duration delay = Duration.ZERO;

	private volatile boolean refusing;

	private TcpProxy(InetSocketAddress target) throws IOException {
		this.target = target;
		this.server = listen(0);
		this.port = this.server.getLocalPort();
		this.acceptor = run("accept", this::accept);
	}

	/**
	 * Starts a proxy in front of a server; it lets everything pass.
	 */
	public static TcpProxy to(String host, int port) {
		try {
			return new TcpProxy(new InetSocketAddress(host, port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Where to connect instead of the server; the same for the proxy's whole life.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * How many connections are open through it.
	 */
	public int connections() {
		return this.links.size();
	}

	/**
	 * From now on new connections are refused, as if no server was there; what is open
	 * goes on.
	 */
	public void refuse() {
		this.refusing = true;
		closeQuietly(this.server);
		awaitEnd(this.acceptor);
	}

	/**
	 * From now on bytes disappear, both ways; connections open, and stay open, and
	 * nothing is ever answered.
	 */
	public void blackHole() {
		this.swallowing = true;
	}

	/**
	 * As {@link #blackHole()}, but only for connections whose client has said something,
	 * or says it later; the others go on.
	 * @param text in ASCII, within the first 8 KiB of what the client sends
	 * @return how many open connections that hits at once
	 */
	public long blackHoleFor(String text) {
		this.swallowed = text;
		return this.links.stream().filter((link) -> link.hasSaid(text)).count();
	}

	/**
	 * From now on every packet comes this much later.
	 */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Closes what is open in order (FIN). New connections are as before.
	 */
	public void cut() {
		this.links.forEach((link) -> link.close(false));
	}

	/**
	 * Breaks what is open (RST). New connections are as before.
	 */
	public void reset() {
		this.links.forEach((link) -> link.close(true));
	}

	/**
	 * The server is gone: nothing new, and what was open breaks.
	 */
	public void goAway() {
		refuse();
		reset();
	}

	/**
	 * Lets everything pass again. Connections that lost bytes are broken.
	 */
	public void heal() {
		if (this.swallowing) {
			reset();
		}
		String text = this.swallowed;
		if (text != null) {
			this.links.stream().filter((link) -> link.hasSaid(text)).forEach((link) -> link.close(true));
		}
		this.swallowing = false;
		this.swallowed = null;
		this.delay = Duration.ZERO;
		if (this.refusing) {
			this.refusing = false;
			try {
				this.server = listen(this.port);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.acceptor = run("accept", this::accept);
		}
	}

	@Override
	public void close() {
		goAway();
	}

	private static ServerSocket listen(int port) throws IOException {
		ServerSocket server = new ServerSocket();
		server.setReuseAddress(true);
		server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		return server;
	}

	private void accept() {
		ServerSocket listening = this.server;
		try {
			while (!listening.isClosed()) {
				open(listening.accept());
			}
		}
		catch (IOException ex) {
			closeQuietly(listening);
		}
	}

	private void open(Socket client) throws IOException {
		Socket upstream = new Socket();
		try {
			upstream.connect(this.target, 2000);
		}
		catch (IOException ex) {
			client.setSoLinger(true, 0);
			client.close();
			return;
		}
		client.setTcpNoDelay(true);
		upstream.setTcpNoDelay(true);
		Link link = new Link(client, upstream);
		this.links.add(link);
		run("up", () -> pump(link, client, upstream));
		run("down", () -> pump(link, upstream, client));
	}

	private void pump(Link link, Socket from, Socket to) {
		byte[] buffer = new byte[BUFFER];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
				if (from == link.client) {
					link.note(buffer, n);
				}
				LockSupport.parkNanos(this.delay.toNanos());
				if (!swallows(link)) {
					out.write(buffer, 0, n);
				}
			}
			link.close(false);
		}
		catch (IOException ex) {
			link.close(true);
		}
	}

	private boolean swallows(Link link) {
		String text = this.swallowed;
		return this.swallowing || (text != null && link.hasSaid(text));
	}

	private static Thread run(String name, Runnable work) {
		Thread thread = new Thread(work, "tcp-proxy-" + name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/** A listening socket goes on as long as a thread is inside its accept. */
	private static void awaitEnd(Thread thread) {
		try {
			thread.join(5000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void closeQuietly(ServerSocket server) {
		try {
			server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private final class Link {

		private final Socket client;

		private final Socket upstream;

		private final AtomicReference<String> said = new AtomicReference<>("");

		private Link(Socket client, Socket upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		private void note(byte[] bytes, int length) {
			if (this.said.get().length() < SAID) {
				String more = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
				this.said.updateAndGet((before) -> before + more);
			}
		}

		private boolean hasSaid(String text) {
			return this.said.get().contains(text);
		}

		private void close(boolean reset) {
			TcpProxy.this.links.remove(this);
			close(this.client, reset);
			close(this.upstream, reset);
		}

		private void close(Socket socket, boolean reset) {
			try {
				if (reset && !socket.isClosed()) {
					socket.setSoLinger(true, 0);
				}
				socket.close();
			}
			catch (IOException ex) {
				TcpProxy.this.links.remove(this);
			}
		}

	}

}
