package com.deliveryservice.authgateway.directory;

import java.text.Normalizer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Argon2id on threads of its own, as many as permits; a bounded number waits, not for
 * long, and the excess fails at once with {@link HashingOverloadedException}. Passwords
 * are compared after NFC. Parameters: OWASP Password Storage, its minimum, and not Spring
 * Security's lower defaults.
 */
@Component
public class PasswordHashing implements DisposableBean {

	/**
	 * What a password is compared with when there is no user: a hash of the same cost
	 * that nothing matches, since its salt and tag are both zero.
	 */
	static final String DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$" + "A".repeat(22) + "$" + "A".repeat(43);

	private static final int SALT_BYTES = 16;

	private static final int TAG_BYTES = 32;

	private static final int MEMORY_KIB = 19456;

	private static final int ITERATIONS = 2;

	private static final int PARALLELISM = 1;

	private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(SALT_BYTES, TAG_BYTES, PARALLELISM,
			MEMORY_KIB, ITERATIONS);

	private final HashingThreads threads;

	private final Duration maxWait;

	PasswordHashing(DirectorySettings settings, MeterRegistry meters) {
		DirectorySettings.Hashing bounds = settings.hashing();
		this.threads = new HashingThreads(bounds.permitsOrCores(), bounds.queue());
		this.maxWait = bounds.maxWait();
		Gauge.builder("auth_gateway.hashing.waiting", this.threads, HashingThreads::waiting)
			.description("Passwords that wait to be hashed")
			.register(meters);
	}

	/**
	 * Hashes a new password with a new salt.
	 * @param password in clear, in any normalisation form
	 * @return {@code $argon2id$v=19$m=19456,t=2,p=1$…}; fails with
	 * {@link HashingOverloadedException}
	 */
	public Mono<String> hash(CharSequence password) {
		return run(() -> encoded(this.encoder.encode(normalized(password))));
	}

	/**
	 * Compares a password with a stored hash, with the same work when there is none.
	 * @param password in clear, in any normalisation form
	 * @param hash the stored one, or {@code null} for an unknown user, which never
	 * matches
	 * @return whether it matches; fails with {@link HashingOverloadedException}
	 */
	public Mono<Boolean> matches(CharSequence password, @Nullable String hash) {
		String compared = (hash != null) ? hash : DUMMY;
		return run(() -> this.encoder.matches(normalized(password), compared) && hash != null);
	}

	/**
	 * Other work with a password that takes a while, on the same threads and under the
	 * same bounds.
	 * @param <T> of what comes of it
	 * @param work what to do; what it throws arrives
	 * @return its result; fails also with {@link HashingOverloadedException}
	 */
	public <T> Mono<T> compute(Supplier<T> work) {
		return run(work);
	}

	/**
	 * Whether a stored hash is weaker than a new one would be, so that it should be
	 * replaced while the password is at hand.
	 */
	boolean isOutdated(String hash) {
		return this.encoder.upgradeEncoding(hash);
	}

	/**
	 * Whether one more password would fail with {@link HashingOverloadedException} now:
	 * who has yet to do work before asking can refuse early.
	 */
	public boolean isFull() {
		return this.threads.isFull();
	}

	/**
	 * How many passwords can be hashed or wait at once; one more would fail.
	 */
	public int capacity() {
		return this.threads.capacity();
	}

	@Override
	public void destroy() {
		this.threads.close();
	}

	private <T> Mono<T> run(Supplier<T> work) {
		return Mono.defer(() -> {
			AtomicBoolean started = new AtomicBoolean();
			Mono<Long> waitedTooLong = Mono.delay(this.maxWait)
				.filter((tick) -> !started.get())
				.switchIfEmpty(Mono.never());
			return Mono.<T>create((sink) -> this.threads.run(work, started, sink))
				.timeout(waitedTooLong, Mono.error(HashingOverloadedException::new))
				.publishOn(Schedulers.parallel());
		});
	}

	private static String normalized(CharSequence password) {
		return Normalizer.normalize(password, Normalizer.Form.NFC);
	}

	private static String encoded(@Nullable String hash) {
		if (hash == null) {
			throw new IllegalStateException("no hash");
		}
		return hash;
	}

}
