package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Slows down guessing at codes over many sign-ups and resets: by address, in the bucket
 * that wrong passwords fill as well. Each code has its own bound besides. Fails with
 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException} within a
 * second: where it cannot be counted, nobody may guess.
 */
public interface CodeThrottle {

	/**
	 * Counts a guess before it is judged, so that many at once are as many.
	 * @param address the client's, or {@code null} if there is none
	 * @return empty if it may be judged, else how long to wait
	 */
	Mono<Duration> take(@Nullable InetAddress address);

	/**
	 * The guess was right and does not count.
	 */
	Mono<Void> giveBack(@Nullable InetAddress address);

}
