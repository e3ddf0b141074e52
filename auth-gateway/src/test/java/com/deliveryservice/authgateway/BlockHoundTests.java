package com.deliveryservice.authgateway;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.Test;

import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpResources;
import reactor.test.StepVerifier;

/**
 * Every test of this build runs under BlockHound. This one fails if it does not.
 */
class BlockHoundTests {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	@Test
	void aBlockingCallOnAnEventLoopOfReactorNettyIsAnError() {
		Mono<Long> blocking = Mono.fromCallable(BlockHoundTests::block)
			.subscribeOn(Schedulers.fromExecutor(HttpResources.get().onServer(true).next()));
		StepVerifier.create(blocking).expectError(BlockingOperationError.class).verify(PATIENCE);
	}

	@Test
	void aBlockingCallWhereBlockingIsAllowedIsNone() {
		Mono<Long> blocking = Mono.fromCallable(BlockHoundTests::block).subscribeOn(Schedulers.boundedElastic());
		StepVerifier.create(blocking).expectNextCount(1).expectComplete().verify(PATIENCE);
	}

	@SuppressWarnings("ThreadSleepMillis")
	private static long block() throws InterruptedException {
		Thread.sleep(1);
		return ThreadLocalRandom.current().nextLong();
	}

}
