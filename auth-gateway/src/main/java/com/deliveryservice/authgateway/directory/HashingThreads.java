package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import reactor.core.publisher.MonoSink;

/**
 * As many threads as permits, and a bounded number of tasks that wait for one. How many
 * get their turn within three quarters of the time that they may wait is estimated, going
 * by how long the last hashes took, so that whoever would give up before can be told so
 * at once and not after a detour. Nothing here takes a lock: who asks may be an event
 * loop, which a contended lock would park.
 */
final class HashingThreads implements AutoCloseable {

	/** Until it is known better. */
	private static final long USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

	private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/** Of the time of the last ones: how much each is worth. */
	private static final int MEMORY = 8;

	/**
	 * How many times as long as usual one counts at most: a pause of the machine is none.
	 */
	private static final int OUTLIER = 4;

	private final ThreadPoolExecutor threads;

	private final int permits;

	private final int capacity;

	private final long patienceNanos;

	/** How long a hash takes, as a moving average; a lost update does no harm. */
	private volatile long usualNanos = USUAL_NANOS;

	/** The tasks that run or wait. */
	private final AtomicInteger admitted = new AtomicInteger();

	/**
	 * Starts the threads.
	 * @param permits how many tasks run at once, 1 or more
	 * @param queue how many more may wait, 0 or more
	 * @param maxWait after which one that waits gives up
	 */
	HashingThreads(int permits, int queue, Duration maxWait) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("hashing-");
		factory.setDaemon(true);
		this.permits = permits;
		this.capacity = permits + queue;
		this.patienceNanos = maxWait.toNanos() / 4 * 3;
		this.threads = new ThreadPoolExecutor(permits, permits, 0, TimeUnit.SECONDS, new LinkedTransferQueue<>(),
				factory);
		// with all of them there, handing over a task starts none, and needs no lock
		this.threads.prestartAllCoreThreads();
	}

	/**
	 * How many tasks can run or wait at once, at most.
	 */
	int capacity() {
		return this.capacity;
	}

	/**
	 * How many tasks can run or wait at once as things are, and be begun in time; at
	 * least one waits, if any may.
	 */
	int room() {
		long begun = Math.max(1, this.permits * this.patienceNanos / Math.max(1, this.usualNanos));
		return (int) Math.min(this.capacity, this.permits + begun);
	}

	/**
	 * How long a hash takes, as a moving average.
	 */
	Duration usual() {
		return Duration.ofNanos(this.usualNanos);
	}

	/**
	 * How many tasks wait, nearly.
	 */
	int waiting() {
		return Math.max(0, this.admitted.get() - this.permits);
	}

	/**
	 * Whether one more would not get its turn in time.
	 */
	boolean isFull() {
		return this.admitted.get() >= room();
	}

	/**
	 * Runs the work on one of the threads, or fails the sink with
	 * {@link HashingOverloadedException} if none is to be had. Work whose sink is
	 * cancelled while it waits leaves the queue and is never run.
	 * @param work what to do
	 * @param hash whether it is one hash, to go by, and nothing else
	 * @param started set when it has begun
	 * @param sink gets what comes of it
	 */
	<T> void run(Supplier<T> work, boolean hash, AtomicBoolean started, MonoSink<T> sink) {
		if (!admit()) {
			sink.error(new HashingOverloadedException());
			return;
		}
		Task<T> task = new Task<>(work, hash, started, sink);
		sink.onDispose(() -> withdraw(task));
		try {
			this.threads.execute(task);
		}
		catch (RejectedExecutionException ex) {
			sink.error(new HashingOverloadedException()); // it is being closed
		}
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	private boolean admit() {
		if (this.admitted.incrementAndGet() <= this.capacity) {
			return true;
		}
		this.admitted.decrementAndGet();
		return false;
	}

	private void took(long nanos) {
		long usual = this.usualNanos;
		this.usualNanos = usual + (Math.min(nanos, OUTLIER * usual + LEAST_NANOS) - usual) / MEMORY;
	}

	private void withdraw(Task<?> task) {
		if (task.taken.compareAndSet(false, true)) {
			this.admitted.decrementAndGet();
			this.threads.getQueue().remove(task);
		}
	}

	/**
	 * Work that is either taken by a thread or withdrawn, whichever comes first.
	 */
	private final class Task<T> implements Runnable {

		private final Supplier<T> work;

		private final boolean hash;

		private final AtomicBoolean started;

		private final MonoSink<T> sink;

		private final AtomicBoolean taken = new AtomicBoolean();

		Task(Supplier<T> work, boolean hash, AtomicBoolean started, MonoSink<T> sink) {
			this.work = work;
			this.hash = hash;
			this.started = started;
			this.sink = sink;
		}

		@Override
		public void run() {
			if (!this.taken.compareAndSet(false, true)) {
				return;
			}
			this.started.set(true);
			try {
				T result = done();
				this.sink.success(result);
			}
			catch (RuntimeException ex) {
				this.sink.error(ex);
			}
		}

		/**
		 * Makes room before anybody learns of the result: who asks again then finds it.
		 */
		private T done() {
			long begun = System.nanoTime();
			try {
				T result = this.work.get();
				if (this.hash) {
					took(System.nanoTime() - begun);
				}
				return result;
			}
			finally {
				HashingThreads.this.admitted.decrementAndGet();
			}
		}

	}

}
