package com.deliveryservice.authgateway.notifier;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.notifier.NotificationPost.NotTakenException;
import com.deliveryservice.authgateway.notifier.NotificationStore.Row;

/**
 * Brings claimed notifications to the notification service, a bounded number at once, and
 * accounts for each. While the service is down it is left alone, and nothing is claimed.
 */
final class Delivery {

	private static final Logger logger = LoggerFactory.getLogger(Delivery.class);

	/**
	 * A claim outlasts an attempt by this: a replica that died in it holds nothing up.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(5);

	/** As often as all that may be under way at once is claimed at once. */
	private static final int BATCHES = 4;

	/** How many find out whether a service that was away is back. */
	private static final int TRIES = 2;

	private final NotifierSettings settings;

	private final NotificationStore store;

	private final NotificationSeal seal;

	private final NotificationPost post;

	private final CircuitBreaker breaker;

	private final MeterRegistry meters;

	Delivery(NotifierSettings settings, NotificationStore store, NotificationSeal seal, NotificationPost post,
			MeterRegistry meters) {
		this.settings = settings;
		this.store = store;
		this.seal = seal;
		this.post = post;
		this.meters = meters;
		this.breaker = CircuitBreaker.of("notifier", breaker());
	}

	/**
	 * Open for 10 s once half of the last 10 calls found it away; then two try.
	 */
	private static CircuitBreakerConfig breaker() {
		return CircuitBreakerConfig.custom()
			.slidingWindow(10, 10, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED,
					CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
			.failureRateThreshold(50)
			.waitDurationInOpenState(Duration.ofSeconds(10))
			.permittedNumberOfCallsInHalfOpenState(TRIES)
			.recordException((failure) -> failure instanceof NotTakenException refused && refused.isAway())
			.writableStackTraceEnabled(false)
			.build();
	}

	/**
	 * Delivers what is due.
	 * @return completes when each claimed one was delivered or put off
	 */
	Mono<Void> deliver() {
		return Mono.defer(() -> batch(room()))
			.repeat()
			.takeUntil((delivered) -> delivered < (long) BATCHES * this.settings.maxConcurrent())
			.then();
	}

	/**
	 * Gives up what has expired.
	 */
	Mono<Void> expire() {
		return this.store.expire().doOnNext(this::accountExpired).then();
	}

	/**
	 * How many to claim. Only asking the breaker makes it try again when its time is up.
	 */
	private int room() {
		if (this.breaker.getState() == CircuitBreaker.State.CLOSED) {
			return BATCHES * this.settings.maxConcurrent();
		}
		if (!this.breaker.tryAcquirePermission()) {
			return 0;
		}
		this.breaker.releasePermission();
		return TRIES;
	}

	private Mono<Long> batch(int most) {
		Duration lease = this.settings.timeout().multipliedBy(BATCHES + 1L).plus(MARGIN);
		return (most == 0) ? Mono.just(0L)
				: this.store.claim(most, lease)
					.collectList()
					.flatMapIterable((rows) -> rows)
					.flatMap(this::deliver, this.settings.maxConcurrent())
					.count();
	}

	private Mono<Boolean> deliver(Row row) {
		String text = this.seal.open(row.id(), row.sealed());
		Notification notification = (text != null) ? NotificationJson.read(text) : null;
		if (text == null || notification == null) {
			logger.warn("Notification {} cannot be read: is the encryption key another one?", row.id());
			return this.store.later(row).thenReturn(false);
		}
		return (notification.isDecoy() ? Mono.<Void>empty() : post(row, text, notification))
			.then(Mono.defer(() -> this.store.delete(row.id())))
			.thenReturn(true)
			.onErrorResume(NotTakenException.class, (failure) -> putOff(row, notification, failure))
			.onErrorResume(CallNotPermittedException.class, (failure) -> this.store.later(row).thenReturn(false));
	}

	private Mono<Void> post(Row row, String text, Notification notification) {
		return this.post.post(row.id(), text.stripTrailing())
			.transformDeferred(CircuitBreakerOperator.of(this.breaker))
			.doOnSuccess((taken) -> count("taken", notification));
	}

	private Mono<Boolean> putOff(Row row, Notification notification, NotTakenException failure) {
		count("failed", notification);
		logger.warn("The notification service did not take {} {}, attempt {}: {} ({})", notification.template().word(),
				row.id(), row.attempts(), failure.getMessage(), String.valueOf(failure.getCause()));
		return this.store.later(row).thenReturn(false);
	}

	private void accountExpired(Row row) {
		String text = this.seal.open(row.id(), row.sealed());
		Notification notification = (text != null) ? NotificationJson.read(text) : null;
		if (notification == null || !notification.isDecoy()) {
			logger.error("Notification {} was not delivered in its time, after {} attempts", row.id(), row.attempts());
			count("expired", notification);
		}
	}

	private void count(String outcome, @Nullable Notification notification) {
		Counter.builder("auth_gateway.notifier.notifications")
			.description("Attempts to deliver a notification, and notifications that expired, by template")
			.tags("outcome", outcome, "template", (notification != null) ? notification.template().word() : "unknown")
			.register(this.meters)
			.increment();
	}

}
