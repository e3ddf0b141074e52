package com.deliveryservice.authgateway.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the bytes of a connection mean to a reader that takes RFC 9112 by its word and
 * nothing that is doubtful: requests, one behind the other, up to the first fault.
 */
final class SentMessages {

	private static final Pattern LINE = Pattern
		.compile("([!#$%&'*+\\-.^_`|~0-9A-Za-z]+) ([\\x21-\\x7e]+) HTTP/1\\.([01])");

	private static final Pattern FIELD = Pattern
		.compile("([!#$%&'*+\\-.^_`|~0-9A-Za-z]+):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*");

	private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})[ \\t]*(;[\\t\\x20-\\x7e\\x80-\\xff]*)?");

	private final String text;

	private final List<Message> messages = new ArrayList<>();

	private int at;

	private boolean faulty;

	private SentMessages(String text) {
		this.text = text;
	}

	/**
	 * Reads bytes, one a character.
	 */
	static SentMessages of(String text) {
		SentMessages all = new SentMessages(text);
		boolean more = true;
		while (more && all.at < text.length()) {
			more = all.next();
		}
		return all;
	}

	List<Message> messages() {
		return this.messages;
	}

	/** Whether something comes behind them that is no request. */
	boolean isFaulty() {
		return this.faulty;
	}

	/** False behind the last. */
	private boolean next() {
		try {
			Message message = message();
			this.messages.add(message);
			return message.persists();
		}
		catch (IllegalArgumentException ex) {
			this.faulty = true;
			return false;
		}
	}

	private Message message() {
		String first = line();
		while (first.isEmpty() && this.at < this.text.length()) {
			first = line();
		}
		Matcher line = matched(LINE, first);
		List<String> fields = fields();
		boolean old = line.group(3).equals("0");
		return new Message(line.group(1), line.group(2), old, fields, body(fields, old));
	}

	private List<String> fields() {
		List<String> fields = new ArrayList<>();
		String field = line();
		while (!field.isEmpty()) {
			Matcher matched = matched(FIELD, field);
			fields.add(matched.group(1).toLowerCase(Locale.ROOT) + ": " + matched.group(2));
			field = line();
		}
		return fields;
	}

	private String body(List<String> fields, boolean old) {
		List<String> lengths = Message.values(fields, "content-length");
		List<String> codings = Message.values(fields, "transfer-encoding");
		if (lengths.size() + codings.size() > 1 || (old && !codings.isEmpty())) {
			throw new IllegalArgumentException("doubtful framing");
		}
		if (!codings.isEmpty()) {
			return chunked(codings.get(0));
		}
		return lengths.isEmpty() ? ""
				: take(Integer.parseInt(matched(Pattern.compile("(\\d{1,9})"), lengths.get(0)).group(1)));
	}

	private String chunked(String coding) {
		matched(Pattern.compile("(?i)chunked"), coding);
		StringBuilder body = new StringBuilder();
		int size;
		do {
			size = Integer.parseUnsignedInt(matched(CHUNK, line()).group(1), 16);
			body.append(take(size));
			if (size != 0) {
				matched(Pattern.compile(""), line());
			}
		}
		while (size != 0);
		fields();
		return body.toString();
	}

	private String take(int length) {
		if (length < 0 || length > this.text.length() - this.at) {
			throw new IllegalArgumentException("incomplete");
		}
		this.at += length;
		return this.text.substring(this.at - length, this.at);
	}

	private String line() {
		int end = this.text.indexOf("\r\n", this.at);
		if (end < 0) {
			throw new IllegalArgumentException("incomplete");
		}
		String line = this.text.substring(this.at, end);
		this.at = end + 2;
		return line;
	}

	private static Matcher matched(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("malformed");
		}
		return matcher;
	}

	/**
	 * One request.
	 *
	 * @param old whether it is HTTP/1.0
	 * @param fields with lower-case names
	 * @param body decoded
	 */
	record Message(String method, String target, boolean old, List<String> fields, String body) {

		static List<String> values(List<String> fields, String name) {
			return fields.stream()
				.filter((field) -> field.startsWith(name + ": "))
				.map((field) -> field.substring(name.length() + 2))
				.toList();
		}

		boolean persists() {
			String connection = String.join(",", values(this.fields, "connection")).toLowerCase(Locale.ROOT);
			return this.old ? connection.contains("keep-alive") : !connection.matches("(.*,)? *close *(,.*)?");
		}

		/** What has to arrive as it was sent. */
		String essence() {
			return this.method + " " + this.target + "\n" + values(this.fields, "x-a") + "\n" + this.body;
		}

	}

}
