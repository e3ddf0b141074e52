package com.deliveryservice.authgateway.devstack;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The session tokens that the stand-in gave out, one a user: a new sign-in moves its end.
 */
final class SessionTokens {

	/** .NET's {@code DateTime} of kind Unspecified: seven digits and no offset. */
	private static final DateTimeFormatter DOT_NET = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSS")
		.withZone(ZoneOffset.UTC);

	private final ConcurrentMap<String, Token> tokens = new ConcurrentHashMap<>();

	private volatile Duration life = Duration.ofHours(5);

	void life(Duration life) {
		this.life = life;
	}

	/**
	 * The answer to GetTokenByUserUid: for any uid, as the real service does.
	 */
	ObjectNode of(String userUid) {
		Instant now = Instant.now();
		Token token = this.tokens.merge(userUid, new Token(randomGuid(), now, now.plus(this.life)), (old, fresh) -> {
			boolean over = old.endsAt().isBefore(now);
			return over ? fresh : new Token(old.guid(), old.beginsAt(), fresh.endsAt());
		});
		ObjectNode answer = JsonNodeFactory.instance.objectNode();
		answer.put("tokenGuid", token.guid());
		answer.put("tokenBeginDt", date(token.beginsAt()));
		answer.put("tokenEndDt", date(token.endsAt()));
		return answer;
	}

	static String date(Instant instant) {
		return DOT_NET.format(instant);
	}

	/**
	 * Random enough for a stand-in, and without reading the system's random device on an
	 * event loop.
	 */
	static String randomGuid() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long version4 = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
		long variant2 = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
		return new UUID(version4, variant2).toString();
	}

	private record Token(String guid, Instant beginsAt, Instant endsAt) {

	}

}
