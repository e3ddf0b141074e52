package com.deliveryservice.authgateway.soak;

import java.util.Arrays;
import java.util.Random;

/**
 * What a visitor may do, with how often it does so, in thousandths.
 */
enum Kind {

	// good: each answer is checked byte for byte

	GET(230, Good::get),

	GET_CHUNKED(90, Good::chunked),

	POST(110, Good::post),

	POST_CHUNKED(60, Good::postChunked),

	HEAD(20, Good::head),

	PIPELINED(20, Good::pipelined),

	OPEN_ROUTE(30, Good::openRoute),

	HTTP_10(15, Good::http10),

	EXPECT_CONTINUE(20, Good::expectContinue),

	SLOW_READER(8, Good::slowReader),

	SPOOFED(40, Good::spoofed),

	API(30, Good::api),

	// bad: each is refused as it should be

	MALFORMED(40, Bad::malformed),

	MALFORMED_CHUNK(15, Bad::malformedChunk),

	UNWANTED(60, Bad::unwanted),

	UPLOAD_REFUSED(15, Bad::uploadRefused),

	TOO_LARGE(15, Bad::tooLarge),

	API_REFUSED(30, Bad::apiRefused),

	STALLED_REQUEST(4, Bad::stalled),

	// cancelled: the client leaves at a random point, by FIN or by RST

	LEAVES_IN_REQUEST(30, Cancelled::inRequest),

	LEAVES_BEFORE_ANSWER(25, Cancelled::beforeAnswer),

	LEAVES_IN_ANSWER(15, Cancelled::inAnswer),

	READS_NOTHING(1, Cancelled::readsNothing),

	// broken: the backend misbehaves, by FIN or by RST

	BROKEN(45, Broken::answer),

	BROKEN_SLOWLY(4, Broken::stall),

	EARLY_ANSWER(8, Broken::earlyAnswer),

	// streams

	EVENTS(10, Streams::events),

	WEBSOCKET(10, Streams::webSocket);

	private static final int TOTAL = Arrays.stream(values()).mapToInt((kind) -> kind.weight).sum();

	private final int weight;

	@SuppressWarnings("ImmutableEnumChecker")
	private final Doing doing;

	Kind(int weight, Doing doing) {
		this.weight = weight;
		this.doing = doing;
	}

	static Kind any(Random random) {
		int left = random.nextInt(TOTAL);
		for (Kind kind : values()) {
			left -= kind.weight;
			if (left < 0) {
				return kind;
			}
		}
		throw new IllegalStateException();
	}

	/**
	 * Does it.
	 * @return how many exchanges that was
	 * @throws AssertionError if something is not as it should be
	 */
	int visit(Visitor visitor) throws Exception {
		return this.doing.by(visitor);
	}

	@FunctionalInterface
	interface Doing {

		int by(Visitor visitor) throws Exception;

	}

}
