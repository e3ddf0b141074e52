package com.deliveryservice.authgateway.chain;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.deliveryservice.authgateway.chain.OldKeys.OldKey;

/**
 * Goes along the links in their order and looks at each: its number, its event, its mac,
 * and whether it is what others know of it.
 */
final class ChainWalk {

	private final MacKeys keys;

	private final Map<String, OldKey> oldKeys;

	private final ExpectedHeads expected;

	private final Findings findings;

	private final Set<String> unknownKeys = new HashSet<>();

	private Head head;

	/** False behind a gap: what came before is not known, so that it proves nothing. */
	private boolean connected = true;

	private long links;

	private long events;

	/**
	 * A walk.
	 * @param from what the first link continues
	 * @param keys all that are known
	 * @param oldKeys those that were replaced, without the current one
	 */
	ChainWalk(Head from, MacKeys keys, Map<String, OldKey> oldKeys, ExpectedHeads expected, Findings findings) {
		this.head = from;
		this.keys = keys;
		this.oldKeys = oldKeys;
		this.expected = expected;
		this.findings = findings;
		compare(from);
	}

	void take(List<Link> page) {
		page.forEach(this::take);
	}

	/**
	 * Looks whether the chain is as long as it is known to have been.
	 */
	void end() {
		if (this.expected.last() > this.head.number()) {
			this.findings.add("the tail was cut off: the chain ends at link " + this.head.number()
					+ ", and had come to link " + this.expected.last() + " at least");
		}
		this.oldKeys.values()
			.stream()
			.filter((old) -> old.lastNumber() > this.head.number())
			.forEach((old) -> this.findings.add("the tail was cut off: the chain had link " + old.lastNumber()
					+ " when key " + old.id() + " was replaced"));
	}

	Head head() {
		return this.head;
	}

	long links() {
		return this.links;
	}

	/** How many of the links have their events. */
	long events() {
		return this.events;
	}

	private void take(Link link) {
		if (link.number() != this.head.number() + 1) {
			this.findings.add("links " + (this.head.number() + 1) + " to " + (link.number() - 1)
					+ " are missing, in front of " + link);
			this.connected = false;
		}
		if (link.event() == null) {
			this.findings.add(link + ": the event is missing");
		}
		else if (!this.keys.has(link.keyId())) {
			unknownKey(link);
		}
		else if (this.connected && !link.follows(this.head.mac(), this.keys)) {
			this.findings.add(link + ": " + whatChanged(link.event()));
		}
		else if (link.standing() == Standing.FORGED) {
			this.findings.add(link + ": no gateway wrote the event");
		}
		compareWithOldKey(link);
		this.head = link.asHead();
		compare(this.head);
		this.connected = true;
		this.links++;
		this.events += (link.event() != null) ? 1 : 0;
	}

	private String whatChanged(SealedEvent event) {
		return event.isGenuine(this.keys) ? "the event is whole, but it, or the link before, was changed or moved"
				: "the event was changed";
	}

	private void unknownKey(Link link) {
		if (this.unknownKeys.add(link.keyId())) {
			this.findings.add(link + ": from here on links are under key " + link.keyId()
					+ ", which is neither configured nor kept in auth.audit_old_key: they prove nothing");
		}
	}

	private void compareWithOldKey(Link link) {
		OldKey old = this.oldKeys.get(link.keyId());
		if (old != null && link.number() > old.lastNumber()) {
			this.findings.add(link + ": it is under key " + link.keyId() + ", which had been replaced after link "
					+ old.lastNumber());
		}
		else if (old != null && link.number() == old.lastNumber() && !link.mac().equals(old.lastMac())) {
			this.findings.add(link + ": it is not the last link that key " + link.keyId() + " made");
		}
	}

	private void compare(Head reached) {
		String known = this.expected.find(reached.number());
		if (known != null && !known.equals(reached.mac())) {
			this.findings.add("link " + reached.number()
					+ " is another one than the log knows: the chain is not the one that was");
		}
	}

}
