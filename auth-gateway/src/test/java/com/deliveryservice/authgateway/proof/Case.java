package com.deliveryservice.authgateway.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * One case of the security bar.
 *
 * @param number where the bar has it
 * @param title what is sent, or what fault there is
 * @param expected in a few words
 * @param attempts each has to go as expected
 */
record Case(String number, String title, String expected, List<Attempt> attempts) {

	Case {
		attempts = List.copyOf(attempts);
	}

	/** A case of one attempt. */
	static Case of(String number, String title, String expected, Check check) {
		return new Case(number, title, expected, List.of(new Attempt("", check)));
	}

	/** A case that is tried with each of several inputs. */
	static Case each(String number, String title, String expected, CheckOf check, String... inputs) {
		List<Attempt> attempts = new ArrayList<>();
		for (String input : inputs) {
			attempts.add(new Attempt(printable(input), (trial) -> check.run(trial, input)));
		}
		return new Case(number, title, expected, attempts);
	}

	/** Both forms of a fault: by FIN and by RST. */
	static List<Case> byFinAndRst(String number, String title, String expected, CheckByEnd check) {
		return List.of(of(number, title + ", by FIN", expected, (trial) -> check.run(trial, false)),
				of(number, title + ", by RST", expected, (trial) -> check.run(trial, true)));
	}

	/**
	 * Tries it.
	 */
	Outcome run(Trial trial) {
		String seen = "";
		int passed = 0;
		String failure = "";
		for (Attempt attempt : this.attempts) {
			Outcome outcome = attempt.run(trial);
			passed += outcome.passed() ? 1 : 0;
			seen = outcome.passed() ? outcome.seen() : seen;
			failure = (outcome.passed() || !failure.isEmpty()) ? failure
					: outcome.seen() + (attempt.name().isEmpty() ? "" : " (" + attempt.name() + ")");
		}
		String count = (this.attempts.size() == 1) ? "" : passed + " of " + this.attempts.size() + ": ";
		return new Outcome(failure.isEmpty(), count + (failure.isEmpty() ? seen : failure));
	}

	static String printable(String text) {
		StringBuilder printable = new StringBuilder();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			switch (c) {
				case '\n' -> printable.append("\\n");
				case '\r' -> printable.append("\\r");
				default -> printable.append((c < ' ' || c > '~') ? "\\x%02x".formatted((int) c) : String.valueOf(c));
			}
		}
		return (printable.length() > 48) ? printable.substring(0, 45) + "..." : printable.toString();
	}

	/**
	 * What was seen.
	 *
	 * @param passed whether that was as expected
	 * @param seen in a few words
	 */
	record Outcome(boolean passed, String seen) {
	}

	/**
	 * One input, and what has to come of it.
	 */
	record Attempt(String name, Check check) {

		Outcome run(Trial trial) {
			try {
				return new Outcome(true, this.check.run(trial.fresh()));
			}
			catch (NotAsExpected ex) {
				return new Outcome(false, ex.seen());
			}
			catch (Exception ex) {
				return new Outcome(false, ex.toString());
			}
		}

	}

	/** Returns what was seen, in a few words. */
	@FunctionalInterface
	interface Check {

		String run(Trial trial) throws Exception;

	}

	/** The same for an input. */
	@FunctionalInterface
	interface CheckOf {

		String run(Trial trial, String input) throws Exception;

	}

	/** The same for either end of a connection. */
	@FunctionalInterface
	interface CheckByEnd {

		String run(Trial trial, boolean byReset) throws Exception;

	}

	/** Something else was seen. */
	static final class NotAsExpected extends Exception {

		private static final long serialVersionUID = 1L;

		private final String seen;

		NotAsExpected(String seen) {
			super(seen);
			this.seen = seen;
		}

		String seen() {
			return this.seen;
		}

	}

}
