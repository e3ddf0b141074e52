package com.deliveryservice.authgateway.chain;

import org.springframework.stereotype.Component;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * How the chain does, as the replica sees it that leads.
 */
@Component
class ChainMeters {

	private final Counter findings;

	private volatile boolean leading;

	private volatile double lagSeconds;

	private volatile long waiting;

	ChainMeters(MeterRegistry meters) {
		Gauge.builder("auth_gateway.audit.chain.leader", () -> this.leading ? 1 : 0)
			.description("1: this replica appends to the audit chain")
			.register(meters);
		Gauge.builder("auth_gateway.audit.chain.lag", () -> this.leading ? this.lagSeconds : 0)
			.description("The age of the oldest event that has no place in the chain yet; 0 where nobody leads")
			.baseUnit("seconds")
			.register(meters);
		Gauge.builder("auth_gateway.audit.chain.waiting", () -> this.leading ? this.waiting : 0)
			.description("Events that have no place in the chain yet; 0 where nobody leads")
			.register(meters);
		this.findings = Counter.builder("auth_gateway.audit.chain.findings")
			.description("Signs that somebody changed the audit tables")
			.register(meters);
	}

	void leading(boolean leads) {
		this.leading = leads;
	}

	boolean isLeading() {
		return this.leading;
	}

	void waiting(Backlog backlog) {
		this.waiting = backlog.count();
		this.lagSeconds = backlog.oldestSeconds();
	}

	/**
	 * Something that should not be.
	 */
	void found() {
		this.findings.increment();
	}

	/**
	 * What has no place yet.
	 *
	 * @param count how many events
	 * @param oldestSeconds the age of the oldest
	 */
	record Backlog(long count, double oldestSeconds) {

	}

}
