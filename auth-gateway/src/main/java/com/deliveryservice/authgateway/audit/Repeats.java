package com.deliveryservice.authgateway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Keeps floods out of the trail. Of attempts that were only told to wait, the first at a
 * login or from an address is an event of its own; those that follow within a minute are
 * counted, and told as one when it is over.
 */
class Repeats {

	private static final Set<String> FLOODS = Set.of(EventType.SIGN_IN_THROTTLED.code(), EventType.THROTTLED.code());

	private static final Duration WINDOW = Duration.ofMinutes(1);

	/** Beyond, all that come are one; about 1 KB each. */
	private static final int MOST = 1000;

	private final Map<String, Group> groups = new HashMap<>();

	/** The oldest first. */
	private final Deque<Group> ages = new ArrayDeque<>();

	/**
	 * Whether to tell of an event now; if not, it is counted.
	 */
	synchronized boolean isNew(RecordedEvent event) {
		if (!FLOODS.contains(event.type())) {
			return true;
		}
		List<String> keys = (this.ages.size() < MOST) ? keys(event) : List.of(event.type());
		Group group = known(keys);
		if (group != null) {
			group.more++;
			return false;
		}
		Group fresh = new Group(event, keys);
		keys.forEach((key) -> this.groups.putIfAbsent(key, fresh));
		this.ages.add(fresh);
		return true;
	}

	/**
	 * The first events of minutes that are over, with how many more there were.
	 */
	synchronized List<Repeated> over(Instant now) {
		List<Repeated> over = new ArrayList<>();
		for (Group oldest = this.ages.peek(); oldest != null
				&& !oldest.first.at().plus(WINDOW).isAfter(now); oldest = this.ages.peek()) {
			Group ended = this.ages.remove();
			ended.keys.forEach((key) -> this.groups.remove(key, ended));
			if (ended.more > 0) {
				over.add(new Repeated(ended.first, ended.more));
			}
		}
		return over;
	}

	private @Nullable Group known(List<String> keys) {
		for (String key : keys) {
			Group group = this.groups.get(key);
			if (group != null) {
				return group;
			}
		}
		return null;
	}

	private static List<String> keys(RecordedEvent event) {
		List<String> keys = new ArrayList<>();
		if (event.login() != null) {
			keys.add(event.type() + " login " + event.login());
		}
		if (event.ip() != null) {
			keys.add(event.type() + " from " + event.ip());
		}
		return keys.isEmpty() ? List.of(event.type()) : keys;
	}

	/**
	 * What was repeated.
	 *
	 * @param first the one that was told
	 * @param more how many followed
	 */
	record Repeated(RecordedEvent first, long more) {

	}

	private static final class Group {

		private final RecordedEvent first;

		private final List<String> keys;

		private long more;

		Group(RecordedEvent first, List<String> keys) {
			this.first = first;
			this.keys = keys;
		}

	}

}
