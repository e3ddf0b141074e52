package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.function.Supplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import com.deliveryservice.authgateway.password.PasswordHash;

import static org.assertj.core.api.Assertions.assertThat;

class PasswordHashingTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final String PASSWORD = "correct horse battery";

	/** From another system: less than a hundredth of the work. */
	private static final String CHEAP = "$pbkdf2-sha256$i=1000$SbRDTosYlCpWGnk/h5tgHw$"
			+ "SytSIQ+0AAYATMuxbLSAXykMXIm19sfNTCfq8bqGr/Y";

	private static final String SLOW = CHEAP.replace("i=1000", "i=50000");

	private PasswordHashing hashing = hashing(2, 50, Duration.ofSeconds(2));

	@AfterEach
	void stop() {
		this.hashing.destroy();
	}

	@Test
	void aHashHasTheParametersInIt() {
		String hash = hash(PASSWORD);
		assertThat(hash).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
		assertThat(hash(PASSWORD)).isNotEqualTo(hash);
		assertThat(this.hashing.isOutdated(hash)).isFalse();
	}

	@Test
	void onlyTheRightPasswordMatches() {
		String hash = hash(PASSWORD);
		StepVerifier.create(this.hashing.matches(PASSWORD, hash)).expectNext(true).expectComplete().verify(SOON);
		StepVerifier.create(this.hashing.matches("other", hash)).expectNext(false).expectComplete().verify(SOON);
	}

	@Test
	void passwordsAreTheSameInEveryUnicodeForm() {
		String hash = hash("caf\u00E9 \u00FCber");
		StepVerifier.create(this.hashing.matches("cafe\u0301 u\u0308ber", hash))
			.expectNext(true)
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void nothingMatchesWhereThereIsNoUser() {
		StepVerifier.create(this.hashing.matches("", null)).expectNext(false).expectComplete().verify(SOON);
		StepVerifier.create(this.hashing.matches("-", PasswordHashing.NO_PASSWORD))
			.expectNext(false)
			.expectComplete()
			.verify(SOON);
		assertThat(this.hashing.isOutdated(PasswordHashing.NO_PASSWORD)).isFalse();
	}

	@Test
	void anUnknownUserAndACheapHashCostAsMuchAsAnyOther() {
		String hash = hash(PASSWORD);
		List<Long> known = times(() -> this.hashing.matches("wrong", hash));
		for (String other : Arrays.asList(null, PasswordHashing.NO_PASSWORD, CHEAP)) {
			assertThat(times(() -> this.hashing.matches("wrong", other)).get(0)).isGreaterThan(known.get(0) / 3);
		}
	}

	@Test
	void theLongestComparisonIsThatWithTheSlowestForeignHash() {
		assertThat(this.hashing.longestComparison("wrong")).isZero();
		learn(CHEAP);
		Duration cheap = this.hashing.longestComparison("wrong");
		learn(CHEAP, SLOW);
		Duration slow = this.hashing.longestComparison("wrong");
		assertThat(slow).isGreaterThan(cheap);
		assertThat(this.hashing.longestComparison("cafe\u0301")).as("compared twice: as typed, and in NFC")
			.isGreaterThan(slow);
		learn();
		assertThat(this.hashing.longestComparison("wrong")).as("nobody has one any more").isZero();
	}

	private void learn(String... hashes) {
		StepVerifier.create(this.hashing.learn(Stream.of(hashes).map(PasswordHash::parse).toList()))
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void aWeakerHashIsOutdated() {
		assertThat(this.hashing.isOutdated("$argon2id$v=19$m=16384,t=2,p=1$" + "A".repeat(22) + "$" + "A".repeat(43)))
			.isTrue();
	}

	@Test
	void itNeverRunsOnTheCallersThread() {
		AtomicReference<String> continued = new AtomicReference<>("");
		Mono<String> onAnEventLoop = Mono.defer(() -> this.hashing.hash(new Spy(PASSWORD, continued)))
			.subscribeOn(Schedulers.parallel());
		StepVerifier.create(onAnEventLoop).expectNextCount(1).expectComplete().verify(SOON);
		assertThat(continued.get()).startsWith("hashing-");
	}

	@Test
	void theExcessFailsAtOnceAndTheRestIsServed() {
		this.hashing.destroy();
		this.hashing = hashing(1, 3, Duration.ofSeconds(10));
		AtomicInteger overloaded = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		Flux<String> many = Flux.range(0, 30)
			.flatMap((i) -> this.hashing.hash(PASSWORD)
				.doOnNext((hash) -> done.incrementAndGet())
				.onErrorResume(HashingOverloadedException.class, (ex) -> {
					overloaded.incrementAndGet();
					return Mono.empty();
				}), 30);
		StepVerifier.create(many.then()).expectComplete().verify(SOON);
		assertThat(done).hasValueBetween(4, 10);
		assertThat(overloaded.get() + done.get()).isEqualTo(30);
	}

	@Test
	void otherWorkLeavesHashesTheirTurn() {
		this.hashing.destroy();
		this.hashing = hashing(1, 50, Duration.ofSeconds(10));
		CountDownLatch release = new CountDownLatch(1);
		List<Disposable> others = Stream.generate(() -> this.hashing.compute(() -> waitedFor(release)).subscribe())
			.limit(4)
			.toList();
		StepVerifier.create(this.hashing.compute(() -> true))
			.expectError(HashingOverloadedException.class)
			.verify(SOON);
		StepVerifier.create(this.hashing.hash(PASSWORD).doOnSubscribe((subscribed) -> release.countDown()))
			.expectNextCount(1)
			.expectComplete()
			.verify(SOON);
		Awaitility.await().atMost(SOON).until(() -> others.stream().allMatch(Disposable::isDisposed));
		StepVerifier.create(this.hashing.compute(() -> true)).expectNext(true).expectComplete().verify(SOON);
	}

	private static boolean waitedFor(CountDownLatch release) {
		try {
			return release.await(SOON.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Test
	void onlyTheWaitIsBoundedAndNotTheHashingItself() {
		this.hashing.destroy();
		this.hashing = hashing(1, 1, Duration.ofMillis(50));
		CountDownLatch release = new CountDownLatch(1);
		Mono<Long> later = Mono.delay(Duration.ofMillis(300)).doOnNext((tick) -> release.countDown());
		StepVerifier.create(Mono.zip(this.hashing.hash(new Blocking(release)), later))
			.expectNextCount(1)
			.expectComplete()
			.verify(SOON);
	}

	@Test
	void oneThatWaitsTooLongFailsAndLeavesTheQueue() {
		this.hashing.destroy();
		this.hashing = hashing(1, 1, Duration.ofMillis(200));
		CountDownLatch release = new CountDownLatch(1);
		Disposable running = this.hashing.hash(new Blocking(release)).onErrorComplete().subscribe();
		StepVerifier.create(this.hashing.hash(PASSWORD)).expectError(HashingOverloadedException.class).verify(SOON);
		assertThat(this.hashing.isFull()).isFalse();
		release.countDown();
		running.dispose();
	}

	@Test
	void thereIsRoomForMoreAsLongAsNobodyWaits() {
		this.hashing.destroy();
		this.hashing = hashing(1, 1, Duration.ofSeconds(10));
		assertThat(this.hashing.hasRoom(50)).isTrue();
		CountDownLatch release = new CountDownLatch(1);
		Disposable running = this.hashing.hash(new Blocking(release)).subscribe();
		assertThat(this.hashing.hasRoom(50)).isTrue();
		Disposable waiting = this.hashing.hash(PASSWORD).subscribe();
		assertThat(this.hashing.hasRoom(0)).isFalse();
		release.countDown();
		Awaitility.await().atMost(SOON).until(() -> this.hashing.hasRoom(0));
		running.dispose();
		waiting.dispose();
	}

	@Test
	void oneThatIsCancelledWhileItWaitsIsNeverRun() {
		this.hashing.destroy();
		this.hashing = hashing(1, 1, Duration.ofSeconds(10));
		CountDownLatch release = new CountDownLatch(1);
		AtomicReference<String> ran = new AtomicReference<>("");
		Disposable running = this.hashing.hash(new Blocking(release)).subscribe();
		Awaitility.await().atMost(SOON).until(() -> !this.hashing.isFull());
		Disposable waiting = this.hashing.hash(new Spy(PASSWORD, ran)).subscribe();
		Awaitility.await().atMost(SOON).until(this.hashing::isFull);
		waiting.dispose();
		assertThat(this.hashing.isFull()).isFalse();
		release.countDown();
		StepVerifier.create(this.hashing.hash(PASSWORD)).expectNextCount(1).expectComplete().verify(SOON);
		assertThat(ran.get()).isEmpty();
		running.dispose();
	}

	/**
	 * A lock that an event loop waits for would be a blocking call, which BlockHound
	 * stops in the middle of it: then nobody gets the lock ever again.
	 */
	@Test
	void noThreadThatAsksWaitsForALock() {
		Flux<String> crowd = Flux.range(0, 30_000)
			.flatMap((i) -> this.hashing.hash(PASSWORD)
				.timeout(Duration.ofMillis(1 + i % 40), Mono.empty())
				.subscribeOn(Schedulers.parallel())
				.onErrorResume(HashingOverloadedException.class, (ex) -> Mono.empty()), 500);
		StepVerifier.create(crowd.then()).expectComplete().verify(SOON.multipliedBy(3));
		assertThat(this.hashing.isFull()).isFalse();
		StepVerifier.create(this.hashing.hash(PASSWORD)).expectNextCount(1).expectComplete().verify(SOON);
	}

	private String hash(String password) {
		return Objects.requireNonNull(this.hashing.hash(password).block(SOON));
	}

	private static List<Long> times(Supplier<Mono<Boolean>> work) {
		return Flux.range(0, 7)
			.concatMap((i) -> work.get().elapsed().map((timed) -> timed.getT1()))
			.sort()
			.skip(3)
			.take(1)
			.collectList()
			.blockOptional(SOON)
			.orElseThrow();
	}

	private static PasswordHashing hashing(int permits, int queue, Duration maxWait) {
		return new PasswordHashing(
				new DirectorySettings(true, true, Duration.ofHours(5),
						new DirectorySettings.Hashing(permits, queue, maxWait)),
				Accounts.peppers(null), new SimpleMeterRegistry());
	}

	/**
	 * A password that notes which thread reads it.
	 */
	private record Spy(String text, AtomicReference<String> thread) implements CharSequence {

		@Override
		public int length() {
			this.thread.set(Thread.currentThread().getName());
			return this.text.length();
		}

		@Override
		public char charAt(int index) {
			return this.text.charAt(index);
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return this.text.subSequence(start, end);
		}

		@Override
		public String toString() {
			this.thread.set(Thread.currentThread().getName());
			return this.text;
		}

	}

	/**
	 * A password that keeps its permit until it is released.
	 */
	private record Blocking(CountDownLatch release) implements CharSequence {

		@Override
		public int length() {
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return 1;
		}

		@Override
		public char charAt(int index) {
			return 'x';
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return "x";
		}

		@Override
		public String toString() {
			return "x".repeat(length());
		}

	}

}
