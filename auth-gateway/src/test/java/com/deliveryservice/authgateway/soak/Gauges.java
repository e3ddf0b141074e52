package com.deliveryservice.authgateway.soak;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

/**
 * What must not grow, at one moment.
 *
 * @param counts the gateway's gauges that are zero when nobody is there
 * @param heap bytes in use after a collection
 * @param direct bytes of direct memory that Netty's allocator holds
 * @param files open file descriptors, sockets included
 * @param threads but for those of the soak itself
 */
record Gauges(Map<String, Double> counts, long heap, long direct, long files, long threads) {

	private static final long MEMORY_SLACK = 24L << 20;

	private static final List<String> ZERO = List.of("auth_gateway.edge.connections", "auth_gateway.forward.in_flight",
			"auth_gateway.forward.streams", "auth_gateway.upstream.connections", "auth_gateway.upstream.waiting",
			"auth_gateway.upstream.retrying", "auth_gateway.upstream.breaker", "auth_gateway.upstream.addresses_out",
			"r2dbc.pool.acquired", "r2dbc.pool.pending");

	/** Counts alone. */
	static Map<String, Double> counts(MeterRegistry meters) {
		Map<String, Double> counts = new TreeMap<>();
		for (String name : ZERO) {
			for (Gauge gauge : meters.find(name).gauges()) {
				counts.put(name + gauge.getId().getTags().stream().map((tag) -> " " + tag.getValue()).toList(),
						gauge.value());
			}
		}
		return counts;
	}

	/** After a collection. */
	static Gauges now(MeterRegistry meters) {
		System.gc();
		System.gc();
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		return new Gauges(counts(meters), ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
				((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory(),
				system.getOpenFileDescriptorCount(), foreignThreads());
	}

	private static long foreignThreads() {
		return Thread.getAllStackTraces().keySet().stream().filter((it) -> !it.getName().startsWith("soak-")).count();
	}

	/** What has grown since, in words; empty if nothing. Counts have been awaited. */
	List<String> grownSince(Gauges base) {
		List<String> grown = new ArrayList<>();
		compare(grown, "heap", base.heap, this.heap, MEMORY_SLACK);
		compare(grown, "direct memory", base.direct, this.direct, MEMORY_SLACK);
		compare(grown, "file descriptors", base.files, this.files, 5);
		compare(grown, "threads", base.threads, this.threads, 5);
		return grown;
	}

	private static void compare(List<String> grown, String name, long base, long now, long slack) {
		if (now > base + slack) {
			grown.add(name + ": " + now + ", was " + base);
		}
	}

	@Override
	public String toString() {
		return "heap %.1f MiB, direct memory %.1f MiB, %d file descriptors, %d threads, gauges %s"
			.formatted(this.heap / 1048576.0, this.direct / 1048576.0, this.files, this.threads, this.counts.values());
	}

}
