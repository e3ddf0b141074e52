package com.deliveryservice.authgateway.directory;

import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import com.deliveryservice.authgateway.password.HashFormatException;
import com.deliveryservice.authgateway.password.PasswordHash;
import com.deliveryservice.authgateway.password.Peppers;
import com.deliveryservice.authgateway.password.UnknownPepperException;

/**
 * Argon2id, with a pepper if there is one, on threads of its own, as many as permits; a
 * bounded number waits, not for long, and the excess fails at once with
 * {@link HashingOverloadedException}. Passwords are compared after NFC. Parameters: OWASP
 * Password Storage, its minimum, and not Spring Security's lower defaults.
 */
@Component
public class PasswordHashing implements DisposableBean {

	/**
	 * Stands where a hash is for somebody who has to set a password first: nothing
	 * matches it.
	 */
	public static final String NO_PASSWORD = "-";

	private static final Logger logger = LoggerFactory.getLogger(PasswordHashing.class);

	private static final int SALT_BYTES = 16;

	/** For each permit: how much other work may run or wait beside the hashes. */
	private static final int OTHERS = 4;

	private final SecureRandom random = new SecureRandom();

	private final Peppers peppers;

	private final ForeignHashTimes foreign = new ForeignHashTimes();

	private final HashingThreads threads;

	private final Duration maxWait;

	private final int mostOthers;

	private final AtomicInteger others = new AtomicInteger();

	PasswordHashing(DirectorySettings settings, Peppers peppers, MeterRegistry meters) {
		DirectorySettings.Hashing bounds = settings.hashing();
		this.peppers = peppers;
		this.threads = new HashingThreads(bounds.permitsOrCores(), bounds.queue(), bounds.maxWait());
		this.maxWait = bounds.maxWait();
		this.mostOthers = OTHERS * bounds.permitsOrCores();
		Gauge.builder("auth_gateway.hashing.waiting", this.threads, HashingThreads::waiting)
			.description("Passwords that wait to be hashed")
			.register(meters);
	}

	/**
	 * Hashes a new password with a new salt.
	 * @param password in clear, in any normalisation form
	 * @return {@code $argon2id$v=19$m=19456,t=2,p=1$…}, with {@code ,keyid=…} under a
	 * pepper; fails with {@link HashingOverloadedException}
	 */
	public Mono<String> hash(CharSequence password) {
		return run(true, () -> PasswordHash.of(normalized(password), newSalt(), this.peppers).encoded());
	}

	/**
	 * Compares a password with a stored hash. Where there is none it does the same work;
	 * for one that came from another system it does that in addition, so that a cheap one
	 * is never told by its time.
	 * @param password in clear, in any normalisation form
	 * @param hash the stored one, or {@code null} for an unknown user, which never
	 * matches
	 * @return whether it matches; fails with {@link HashingOverloadedException}, or with
	 * 503 if nobody can tell, since its pepper is not configured
	 */
	public Mono<Boolean> matches(CharSequence password, @Nullable String hash) {
		return run(true, () -> isRight(password.toString(), hash));
	}

	/**
	 * How long comparing a password takes at most, usually, with whatever hash: who is
	 * refused is to be told so only then, or those with a slow hash of another system
	 * could be told by their time.
	 * @param password in clear, as it came
	 * @return zero if there are no such hashes
	 */
	public Duration longestComparison(CharSequence password) {
		boolean typed = normalized(password).contentEquals(password);
		Duration foreign = this.foreign.longest(typed ? 1 : 2);
		return foreign.isZero() ? foreign : foreign.plus(this.threads.usual());
	}

	/**
	 * Finds out how long hashes that are none of ours take.
	 * @param hashes stored ones, one of each kind; none if there are no more
	 * @return completes; one that cannot be computed is left out
	 */
	Mono<Void> learn(List<PasswordHash> hashes) {
		if (hashes.isEmpty()) {
			this.foreign.forget();
		}
		return Flux.fromIterable(hashes)
			.concatMap((hash) -> compute(() -> isRightForeign("", "", hash)).onErrorComplete())
			.then();
	}

	/**
	 * Whether a stored hash is not as a new one would be, so that it should be replaced
	 * while the password is at hand.
	 */
	boolean isOutdated(String hash) {
		return !NO_PASSWORD.equals(hash) && PasswordHash.parse(hash).isOutdated(this.peppers);
	}

	/**
	 * Other work with a password that takes a while, on the same threads and under the
	 * same bounds; of such work only so much that the hashes among it get their turn.
	 * @param <T> of what comes of it
	 * @param work what to do; what it throws arrives
	 * @return its result; fails also with {@link HashingOverloadedException}
	 */
	public <T> Mono<T> compute(Supplier<T> work) {
		return Mono.defer(() -> {
			if (this.others.incrementAndGet() > this.mostOthers) {
				this.others.decrementAndGet();
				return Mono.error(new HashingOverloadedException());
			}
			return run(false, work).doFinally((signal) -> this.others.decrementAndGet());
		});
	}

	/**
	 * Whether one more password would not get its turn in time, and most likely fail with
	 * {@link HashingOverloadedException}: who has yet to do work before asking can refuse
	 * early.
	 */
	public boolean isFull() {
		return this.threads.isFull();
	}

	/**
	 * Whether a password that is to be hashed in a while will get its turn in time. As
	 * long as nobody waits, it will.
	 * @param ahead how many others are on their way, with those that are hashed or wait
	 */
	public boolean hasRoom(int ahead) {
		return !this.threads.isFull() && (this.threads.waiting() == 0 || ahead < this.threads.room());
	}

	/**
	 * How many passwords can be hashed or wait at once, at most.
	 */
	public int capacity() {
		return this.threads.capacity();
	}

	@Override
	public void destroy() {
		this.threads.close();
	}

	private <T> Mono<T> run(boolean hash, Supplier<T> work) {
		return Mono.defer(() -> {
			AtomicBoolean started = new AtomicBoolean();
			Mono<Long> waitedTooLong = Mono.delay(this.maxWait)
				.filter((tick) -> !started.get())
				.switchIfEmpty(Mono.never());
			return Mono.<T>create((sink) -> this.threads.run(work, hash, started, sink))
				.timeout(waitedTooLong, Mono.error(HashingOverloadedException::new))
				.publishOn(Schedulers.parallel());
		});
	}

	private static String normalized(CharSequence password) {
		return Normalizer.normalize(password, Normalizer.Form.NFC);
	}

	private boolean isRight(String password, @Nullable String stored) {
		String normalized = normalized(password);
		if (stored == null || NO_PASSWORD.equals(stored)) {
			PasswordHash.pretend(normalized);
			return false;
		}
		try {
			PasswordHash hash = PasswordHash.parse(stored);
			if (!hash.isOfTheHouse()) {
				PasswordHash.pretend(normalized);
				return isRightForeign(normalized, password, hash);
			}
			return hash.matches(normalized, this.peppers);
		}
		catch (UnknownPepperException | HashFormatException ex) {
			logger.error("Nobody can tell whether a password is right: {}", ex.getMessage());
			throw new HashUnverifiableException(ex);
		}
	}

	/** Other systems have hashed what was typed. */
	private boolean isRightForeign(String normalized, String password, PasswordHash hash) {
		long begun = System.nanoTime();
		boolean right = hash.matches(normalized, this.peppers);
		this.foreign.took(hash.kind(), System.nanoTime() - begun);
		return right || (!normalized.equals(password) && hash.matches(password, this.peppers));
	}

	private byte[] newSalt() {
		byte[] salt = new byte[SALT_BYTES];
		this.random.nextBytes(salt);
		return salt;
	}

}
