package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** How many get their turn in time. */
class HashingThreadsTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private HashingThreads threads = new HashingThreads(2, 50, Duration.ofSeconds(1));

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void theSlowerHashingIsTheFewerGetTheirTurn() {
		// 25 ms are assumed at first: 60 in three quarters of a second, and 50 may wait
		assertThat(this.threads.room()).isEqualTo(52);
		work(true, Duration.ofMillis(120), 10);
		assertThat(this.threads.room()).isBetween(3, 22);
		work(true, Duration.ZERO, 60);
		assertThat(this.threads.room()).isEqualTo(52);
	}

	@Test
	void otherWorkWithPasswordsSaysNothingAboutHashes() {
		work(false, Duration.ofMillis(120), 5);
		assertThat(this.threads.room()).isEqualTo(52);
		work(true, Duration.ofMillis(120), 10);
		work(false, Duration.ZERO, 60);
		assertThat(this.threads.room()).isLessThan(23);
	}

	@Test
	void aHashThatFailsSaysNothingEither() {
		work(true, Duration.ofMillis(120), 10);
		Mono<Object> failing = submit(true, () -> {
			throw new IllegalStateException("unreadable");
		});
		StepVerifier.create(failing.onErrorComplete().repeat(60)).expectComplete().verify(SOON);
		assertThat(this.threads.room()).isLessThan(23);
		assertThat(this.threads.isFull()).isFalse();
	}

	@Test
	void onePauseOfTheMachineIsNoMeasure() {
		work(true, Duration.ofMillis(1500), 1);
		// it counts as four times as long as usual
		assertThat(this.threads.room()).isGreaterThan(40);
	}

	@Test
	void howeverLongTheyTakeOneMayWait() {
		this.threads.close();
		this.threads = new HashingThreads(1, 5, Duration.ofMillis(20));
		work(true, Duration.ofMillis(60), 5);
		assertThat(this.threads.room()).isEqualTo(2);
	}

	/** Each keeps its permit that long. */
	private void work(boolean hash, Duration each, int times) {
		CountDownLatch never = new CountDownLatch(1);
		Mono<Boolean> one = submit(hash, () -> {
			try {
				return never.await(each.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		StepVerifier.create(Flux.range(0, times).concatMap((i) -> one))
			.expectNextCount(times)
			.expectComplete()
			.verify(SOON);
	}

	private <T> Mono<T> submit(boolean hash, Supplier<T> work) {
		return Mono.create((sink) -> this.threads.run(work, hash, new AtomicBoolean(), sink));
	}

}
