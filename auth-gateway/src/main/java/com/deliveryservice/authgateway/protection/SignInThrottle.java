package com.deliveryservice.authgateway.protection;

import java.time.Duration;

import reactor.core.publisher.Mono;

/**
 * Slows down guessing: by account, whether it exists or not, by address, and by how many
 * accounts an address fails at. Replicas share the counters, and only failures count. A
 * device that signed in before has a lane of its own instead: nobody else's failures slow
 * it down, and its own do, until there were too many and it has no lane any more.
 *
 * <p>
 * An attempt asks twice: before it costs anything ({@link #check}), and with its verdict
 * ({@link #failed} or {@link #succeeded}). Of many attempts at once only as many get to
 * know their verdict as could have got it one after the other; the others are told to
 * wait, right or wrong. Each fails with
 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException} within a
 * second: where it cannot be counted, nobody may guess.
 */
public interface SignInThrottle {

	/**
	 * Whether the attempt may go on.
	 * @return empty if it may, else how long to wait
	 */
	Mono<Duration> check(SignInAttempt attempt);

	/**
	 * Counts a failure.
	 * @return empty if it may be told, else how long to wait: then others failed
	 * meanwhile
	 */
	Mono<Duration> failed(SignInAttempt attempt);

	/**
	 * Forgets the failures of the account, or of the known device.
	 * @return empty if it may be told, else how long to wait: then others failed
	 * meanwhile
	 */
	Mono<Duration> succeeded(SignInAttempt attempt);

	/**
	 * Forgets the failures of the account, and of the known device if there is one, waits
	 * included: its password was reset, so what was found out by guessing is worth
	 * nothing.
	 */
	Mono<Void> forget(SignInAttempt attempt);

}
