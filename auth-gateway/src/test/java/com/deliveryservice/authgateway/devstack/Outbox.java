package com.deliveryservice.authgateway.devstack;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.jspecify.annotations.Nullable;

/**
 * The verification codes that the stand-in "sent", newest first, the last thousand.
 */
final class Outbox {

	private static final int MOST = 1000;

	private final ConcurrentLinkedDeque<Message> messages = new ConcurrentLinkedDeque<>();

	void send(String to, String code) {
		this.messages.addFirst(new Message(to, code, Instant.now()));
		while (this.messages.size() > MOST) {
			this.messages.pollLast();
		}
	}

	/**
	 * What was sent to a contact, or to anybody for {@code null}; newest first.
	 */
	List<Message> to(@Nullable String contact) {
		return this.messages.stream()
			.filter((message) -> contact == null || message.to().equalsIgnoreCase(contact))
			.toList();
	}

	/**
	 * One code.
	 *
	 * @param to e-mail address or phone number
	 * @param code six digits
	 * @param sentAt when
	 */
	public record Message(String to, String code, Instant sentAt) {

	}

}
