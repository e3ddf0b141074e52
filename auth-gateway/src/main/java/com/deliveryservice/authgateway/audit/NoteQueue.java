package com.deliveryservice.authgateway.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Noted events that wait for the database, in their order. Bounded; what comes when it is
 * full is dropped and counted.
 */
class NoteQueue {

	private final int capacity;

	private final ArrayDeque<RecordedEvent> waiting = new ArrayDeque<>();

	private long dropped;

	NoteQueue(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Takes one.
	 * @return whether it fitted
	 */
	synchronized boolean offer(RecordedEvent event) {
		if (this.waiting.size() >= this.capacity) {
			this.dropped++;
			return false;
		}
		return this.waiting.add(event);
	}

	/**
	 * The oldest ones, which stay until {@link #remove}.
	 */
	synchronized List<RecordedEvent> oldest(int most) {
		List<RecordedEvent> oldest = new ArrayList<>(Math.min(most, this.waiting.size()));
		Iterator<RecordedEvent> events = this.waiting.iterator();
		while (oldest.size() < most && events.hasNext()) {
			oldest.add(events.next());
		}
		return oldest;
	}

	/**
	 * Forgets those of the oldest that are written, each once, whoever wrote them.
	 */
	synchronized void remove(List<RecordedEvent> written) {
		for (RecordedEvent event : written) {
			if (event.equals(this.waiting.peek())) {
				this.waiting.poll();
			}
		}
	}

	/**
	 * How many were dropped since this was last asked.
	 */
	synchronized long takeDropped() {
		long count = this.dropped;
		this.dropped = 0;
		return count;
	}

	synchronized int size() {
		return this.waiting.size();
	}

}
