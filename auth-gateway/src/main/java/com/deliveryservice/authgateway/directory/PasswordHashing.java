package com.deliveryservice.authgateway.directory;

import java.text.Normalizer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
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

	private final ThreadPoolExecutor threads;

	private final Duration maxWait;

	private final int capacity;

	PasswordHashing(DirectorySettings settings, MeterRegistry meters) {
		DirectorySettings.Hashing bounds = settings.hashing();
		int permits = bounds.permitsOrCores();
		BlockingQueue<Runnable> queue = (bounds.queue() == 0) ? new SynchronousQueue<>()
				: new ArrayBlockingQueue<>(bounds.queue());
		this.threads = new ThreadPoolExecutor(permits, permits, 1, TimeUnit.MINUTES, queue, threadFactory());
		this.threads.allowCoreThreadTimeOut(true);
		this.maxWait = bounds.maxWait();
		this.capacity = permits + bounds.queue();
		Gauge.builder("auth_gateway.hashing.waiting", queue, BlockingQueue::size)
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
		return this.threads.getQueue().remainingCapacity() == 0
				&& this.threads.getActiveCount() >= this.threads.getMaximumPoolSize();
	}

	/**
	 * How many passwords can be hashed or wait at once; one more would fail.
	 */
	public int capacity() {
		return this.capacity;
	}

	@Override
	public void destroy() {
		this.threads.shutdownNow();
	}

	private <T> Mono<T> run(Supplier<T> work) {
		return Mono.defer(() -> {
			AtomicBoolean started = new AtomicBoolean();
			Mono<Long> waitedTooLong = Mono.delay(this.maxWait)
				.filter((tick) -> !started.get())
				.switchIfEmpty(Mono.never());
			return Mono.<T>create((sink) -> submit(work, started, sink))
				.timeout(waitedTooLong, Mono.error(HashingOverloadedException::new))
				.publishOn(Schedulers.parallel());
		});
	}

	/**
	 * One that is cancelled while it waits leaves the queue and is never run.
	 */
	private <T> void submit(Supplier<T> work, AtomicBoolean started, MonoSink<T> sink) {
		FutureTask<Void> task = new FutureTask<>(() -> {
			started.set(true);
			emit(work, sink);
		}, null);
		sink.onDispose(() -> {
			task.cancel(false);
			this.threads.remove(task);
		});
		try {
			this.threads.execute(task);
		}
		catch (RejectedExecutionException ex) {
			sink.error(new HashingOverloadedException());
		}
	}

	private static <T> void emit(Supplier<T> work, MonoSink<T> sink) {
		try {
			sink.success(work.get());
		}
		catch (RuntimeException ex) {
			sink.error(ex);
		}
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

	private static CustomizableThreadFactory threadFactory() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("hashing-");
		factory.setDaemon(true);
		return factory;
	}

}
