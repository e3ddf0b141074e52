package com.deliveryservice.authgateway.directory;

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
 * As many threads as permits, and a bounded number of tasks that wait for one. Nothing
 * here takes a lock: who asks may be an event loop, which a contended lock would park.
 */
final class HashingThreads implements AutoCloseable {

	private final ThreadPoolExecutor threads;

	private final int permits;

	private final int capacity;

	/** The tasks that run or wait. */
	private final AtomicInteger admitted = new AtomicInteger();

	/**
	 * Starts the threads.
	 * @param permits how many tasks run at once, 1 or more
	 * @param queue how many more may wait, 0 or more
	 */
	HashingThreads(int permits, int queue) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("hashing-");
		factory.setDaemon(true);
		this.permits = permits;
		this.capacity = permits + queue;
		this.threads = new ThreadPoolExecutor(permits, permits, 0, TimeUnit.SECONDS, new LinkedTransferQueue<>(),
				factory);
		// with all of them there, handing over a task starts none, and needs no lock
		this.threads.prestartAllCoreThreads();
	}

	/**
	 * How many tasks can run or wait at once.
	 */
	int capacity() {
		return this.capacity;
	}

	/**
	 * How many tasks wait, nearly.
	 */
	int waiting() {
		return Math.max(0, this.admitted.get() - this.permits);
	}

	boolean isFull() {
		return this.admitted.get() >= this.capacity;
	}

	/**
	 * Runs the work on one of the threads, or fails the sink with
	 * {@link HashingOverloadedException} if none is to be had. Work whose sink is
	 * cancelled while it waits leaves the queue and is never run.
	 * @param work what to do
	 * @param started set when it has begun
	 * @param sink gets what comes of it
	 */
	<T> void run(Supplier<T> work, AtomicBoolean started, MonoSink<T> sink) {
		if (!admit()) {
			sink.error(new HashingOverloadedException());
			return;
		}
		Task<T> task = new Task<>(work, started, sink);
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

		private final AtomicBoolean started;

		private final MonoSink<T> sink;

		private final AtomicBoolean taken = new AtomicBoolean();

		Task(Supplier<T> work, AtomicBoolean started, MonoSink<T> sink) {
			this.work = work;
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
			try {
				return this.work.get();
			}
			finally {
				HashingThreads.this.admitted.decrementAndGet();
			}
		}

	}

}
