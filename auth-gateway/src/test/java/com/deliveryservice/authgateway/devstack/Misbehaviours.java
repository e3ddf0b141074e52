package com.deliveryservice.authgateway.devstack;

import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Which operation misbehaves, how, and how often still.
 */
final class Misbehaviours {

	private final Map<Operation, Entry> entries = new EnumMap<>(Operation.class);

	/**
	 * Switches a misbehaviour on.
	 * @param operation which, or {@code null} for each
	 * @param misbehaviour how
	 * @param times how many calls of the operation meet it
	 */
	synchronized void set(@Nullable Operation operation, Misbehaviour misbehaviour, int times) {
		for (Operation each : (operation != null) ? new Operation[] { operation } : Operation.values()) {
			this.entries.put(each, new Entry(misbehaviour, times));
		}
	}

	synchronized void clear() {
		this.entries.clear();
	}

	/**
	 * How this call of the operation is answered.
	 */
	synchronized Misbehaviour next(Operation operation) {
		Entry entry = this.entries.get(operation);
		if (entry == null) {
			return Misbehaviour.NONE;
		}
		if (entry.left() <= 1) {
			this.entries.remove(operation);
		}
		else if (entry.left() < Integer.MAX_VALUE) {
			this.entries.put(operation, new Entry(entry.misbehaviour(), entry.left() - 1));
		}
		return entry.misbehaviour();
	}

	private record Entry(Misbehaviour misbehaviour, int left) {

	}

}
