package com.deliveryservice.authgateway.chain;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.command.CommandException;

/**
 * Heads that the chain is known to have had, from a log or by hand. Whoever can write to
 * the database cannot write there, so that these show a tail that was cut off, or an old
 * chain that was put in its place. At most 100,000 are kept, the last ones: two months.
 */
final class ExpectedHeads {

	private static final Pattern HEAD = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

	/** Also inside of another JSON string, as structured logs have it. */
	private static final Pattern LINE = Pattern.compile("\"head\\\\?\":\\\\?\"(\\d{1,18}):([0-9a-f]{64})\\\\?\"");

	private static final int MOST = 100_000;

	private final NavigableMap<Long, String> heads = new TreeMap<>();

	private final Findings findings;

	ExpectedHeads(Findings findings) {
		this.findings = findings;
	}

	/**
	 * Adds one as it was logged.
	 * @throws CommandException if it is none
	 */
	void add(String head) {
		Matcher matcher = HEAD.matcher(head.trim());
		if (!matcher.matches()) {
			throw CommandException
				.usage("--expect-head: " + head + " (expected number:digest, as in a chain_head line)");
		}
		put(matcher);
	}

	/**
	 * Adds all of a log.
	 * @return how many there were
	 */
	long readAll(BufferedReader log) throws IOException {
		long count = 0;
		for (String line = log.readLine(); line != null; line = log.readLine()) {
			Matcher matcher = LINE.matcher(line);
			if (line.contains("chain_head") && matcher.find()) {
				put(matcher);
				count++;
			}
		}
		return count;
	}

	/**
	 * The digest of the head with this number, or {@code null} if nobody knows it.
	 */
	@Nullable String find(long number) {
		return this.heads.get(number);
	}

	/**
	 * How far the chain is known to have come; 0 if that is not known.
	 */
	long last() {
		return this.heads.isEmpty() ? 0 : this.heads.lastKey();
	}

	/**
	 * How many of them are behind a number.
	 */
	int countAfter(long number) {
		return this.heads.tailMap(number, false).size();
	}

	private void put(Matcher matcher) {
		long number = Long.parseLong(matcher.group(1));
		String before = this.heads.put(number, matcher.group(2));
		if (before != null && !before.equals(matcher.group(2))) {
			this.findings.add("the log has two different heads of number " + number
					+ ": the chain was set back, and went on from there");
		}
		if (this.heads.size() > MOST) {
			this.heads.pollFirstEntry();
		}
	}

}
