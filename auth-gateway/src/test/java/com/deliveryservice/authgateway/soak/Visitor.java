package com.deliveryservice.authgateway.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * One client app: a random course of its own, and a connection that it keeps as long as
 * the gateway lets it.
 */
final class Visitor {

	/** Routes to the backend that is well: for customers, for all, for managers. */
	static final String CUSTOMER = "/api/customer/";

	static final String OPEN = "/open/";

	static final String MANAGER = "/api/manager/";

	/** Route to the backend that is ill, for all. */
	static final String ILL = "/ill/";

	/** Longest body that the routes take, in bytes. */
	static final int MAX_BODY = 128 * 1024;

	/** So much shorter than the gateway's keep-alive that the two never cross. */
	private static final Duration IDLE = Duration.ofSeconds(3);

	private final int port;

	private final String bearer;

	private final Random random;

	private @Nullable Wire kept;

	private long keptAt;

	Visitor(int port, String token, long seed) {
		this.port = port;
		this.bearer = "Authorization: Bearer " + token + "\n";
		this.random = new Random(seed);
	}

	Random random() {
		return this.random;
	}

	boolean chance() {
		return this.random.nextBoolean();
	}

	/** Names what the backend shall do. */
	int number() {
		return this.random.nextInt(1_000_000);
	}

	@SafeVarargs
	final <T> T oneOf(T... choice) {
		return choice[this.random.nextInt(choice.length)];
	}

	/** A connection that others have used before. */
	Wire kept() throws IOException {
		Wire wire = this.kept;
		long now = System.nanoTime();
		boolean idleForLong = now - this.keptAt > IDLE.toNanos();
		this.keptAt = now;
		if (wire == null || !wire.isOpen() || idleForLong || this.random.nextInt(50) == 0) {
			leave();
			wire = open();
			this.kept = wire;
		}
		return wire;
	}

	/** A connection of its own. */
	Wire open() throws IOException {
		return new Wire(this.port, 0);
	}

	/** One that holds little of what is not read. */
	Wire openNarrow() throws IOException {
		return new Wire(this.port, 4096);
	}

	void leave() {
		Wire wire = this.kept;
		this.kept = null;
		if (wire != null) {
			wire.leave(chance());
		}
	}

	/** The head of a customer's request, with its empty line. */
	String request(String method, String target, String headers) {
		return method + " " + target + " HTTP/1.1\nHost: shop.example\n" + this.bearer + headers + "\n";
	}

	/** The head of a request without a token. */
	static String anonymous(String method, String target, String headers) {
		return method + " " + target + " HTTP/1.1\nHost: shop.example\n" + headers + "\n";
	}

	/** Sends a request and reads its answer, on the kept connection. */
	Reply ask(String request) throws IOException {
		Wire wire = kept();
		wire.send(request);
		return wire.reply(false);
	}

}
