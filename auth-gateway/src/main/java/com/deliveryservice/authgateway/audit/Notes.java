package com.deliveryservice.authgateway.audit;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Makes records of events, and keeps those that are written later. At most 10,000 wait,
 * some 10 MB.
 */
@Component
class Notes {

	private static final int CAPACITY = 10_000;

	private final Clock clock;

	private final NoteQueue queue;

	private final Repeats repeats = new Repeats();

	private final Counter dropped;

	@Autowired
	Notes(Clock clock, MeterRegistry meters) {
		this(clock, meters, new NoteQueue(CAPACITY));
	}

	Notes(Clock clock, MeterRegistry meters, NoteQueue queue) {
		this.clock = clock;
		this.queue = queue;
		this.dropped = Counter.builder("auth_gateway.audit.dropped")
			.description("Events that were only logged, because the database was away for too long")
			.register(meters);
		Gauge.builder("auth_gateway.audit.waiting", queue::size)
			.description("Events that are not in the database yet")
			.register(meters);
	}

	NoteQueue queue() {
		return this.queue;
	}

	/**
	 * Gives an event its id and its time.
	 */
	RecordedEvent record(SecurityEvent event, Origin origin) {
		return RecordedEvent.of(nextId(), this.clock.instant().truncatedTo(ChronoUnit.MICROS), event, origin);
	}

	/**
	 * A random UUID (RFC 9562 §5.4); no secret.
	 */
	private static UUID nextId() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
		long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
		return new UUID(high, low);
	}

	/**
	 * Logs it, and keeps it for the database if there is room; what only repeats is
	 * counted.
	 */
	void take(RecordedEvent event) {
		if (this.repeats.isNew(event)) {
			keep(event);
		}
	}

	/**
	 * Tells how often events were repeated, once their minute is over.
	 */
	void tellRepeated() {
		tellRepeated(this.clock.instant());
	}

	/**
	 * Tells it now: nobody will later.
	 */
	void tellAllRepeated() {
		tellRepeated(Instant.MAX);
	}

	private void tellRepeated(Instant now) {
		this.repeats.over(now)
			.forEach((repeated) -> keep(repeated.first()
				.again(nextId(), this.clock.instant().truncatedTo(ChronoUnit.MICROS), repeated.more())));
	}

	private void keep(RecordedEvent event) {
		EventJson.log(event);
		if (!this.queue.offer(event)) {
			this.dropped.increment();
		}
	}

	/**
	 * Notes how many events are missing in the table, if any are.
	 */
	void tellDropped() {
		long count = this.queue.takeDropped();
		if (count > 0) {
			take(record(SecurityEvent.of(EventType.EVENTS_DROPPED).with("count", count), Origin.NONE));
		}
	}

}
