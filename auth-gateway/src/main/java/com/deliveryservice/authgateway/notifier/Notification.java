package com.deliveryservice.authgateway.notifier;

import java.util.Map;
import java.util.TreeMap;

/**
 * Something to tell a person. Never prints itself: it may hold a code.
 *
 * @param to e-mail address or phone number, at most 256 characters
 * @param channel which of both
 * @param template what to tell; the words are the notification service's
 * @param data what the words need, such as the code
 */
public record Notification(String to, Channel channel, Template template, Map<String, String> data) {

	/**
	 * For nobody: takes the same way, and ends before anybody is told. For a promise that
	 * must not show whether there was somebody to promise it to.
	 */
	public static final Notification DECOY = new Notification("", Channel.EMAIL, Template.PASSWORD_RESET, Map.of());

	private static final int LONGEST = 256;

	public Notification {
		if (to.length() > LONGEST) {
			throw new IllegalArgumentException("nobody's contact is that long");
		}
		data = new TreeMap<>(data);
	}

	boolean isDecoy() {
		return this.to.isEmpty();
	}

	@Override
	public String toString() {
		return "Notification[" + this.template.word() + "]";
	}

	/**
	 * The ways to a person.
	 */
	public enum Channel {

		EMAIL("email"), PHONE("phone");

		private final String word;

		Channel(String word) {
			this.word = word;
		}

		String word() {
			return this.word;
		}

	}

	/**
	 * What can be told (contract/configuration.md).
	 */
	public enum Template {

		/** {@code code}, {@code code_expires_at}, {@code login}. */
		PASSWORD_RESET("password-reset"),
		/** {@code code}, {@code code_expires_at}, {@code login}. */
		SIGN_UP_CODE("sign-up-code"),
		/** {@code login}: somebody tried to sign up with this contact. */
		USER_EXISTS("user-exists");

		private final String word;

		Template(String word) {
			this.word = word;
		}

		String word() {
			return this.word;
		}

		static Template of(String word) {
			for (Template template : values()) {
				if (template.word.equals(word)) {
					return template;
				}
			}
			throw new IllegalArgumentException("unknown template");
		}

	}

}
