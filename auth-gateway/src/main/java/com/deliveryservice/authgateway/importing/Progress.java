package com.deliveryservice.authgateway.importing;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

import com.deliveryservice.authgateway.command.Terminal;

/**
 * Counts what became of the rows, and shows how far it is: as a bar where somebody looks,
 * as a line every ten seconds elsewhere.
 */
final class Progress {

	private static final long EVERY = Duration.ofSeconds(10).toNanos();

	private static final int BAR = 20;

	private static final int WHOLE = 100;

	private final Terminal terminal;

	private final long rows;

	private final LongSupplier nanos;

	private final long begun;

	private long lineShown;

	private long done;

	private long added;

	private long there;

	private long refused;

	Progress(Terminal terminal, long rows, LongSupplier nanos) {
		this.terminal = terminal;
		this.rows = rows;
		this.nanos = nanos;
		this.begun = nanos.getAsLong();
		this.lineShown = this.begun;
	}

	/**
	 * Counts some more rows.
	 * @param count how many
	 * @param outcomes what became of those that were not refused by themselves
	 */
	void count(int count, Outcomes outcomes) {
		this.done += count;
		this.added += outcomes.added();
		this.there += outcomes.there();
		this.refused += count - outcomes.added() - outcomes.there();
		long now = this.nanos.getAsLong();
		if (this.terminal.isInteractive()) {
			this.terminal.progress(bar() + " " + text(now));
		}
		else if (now - this.lineShown >= EVERY) {
			this.lineShown = now;
			this.terminal.remark(text(now));
		}
	}

	long refused() {
		return this.refused;
	}

	/**
	 * What became of all.
	 */
	String summary() {
		return String.format(Locale.ROOT, "%,d rows: %,d imported, %,d were there already, %,d refused", this.done,
				this.added, this.there, this.refused);
	}

	private String bar() {
		int filled = (int) (this.done * BAR / Math.max(1, this.rows));
		return "[" + "#".repeat(Math.min(BAR, filled)) + ".".repeat(Math.max(0, BAR - filled)) + "]";
	}

	private String text(long now) {
		long seconds = Math.max(1, Duration.ofNanos(now - this.begun).toSeconds());
		long perSecond = Math.max(1, this.done / seconds);
		return String.format(Locale.ROOT, "%d %%, %,d of %,d, %,d refused, %,d/s, %d s left",
				this.done * WHOLE / Math.max(1, this.rows), this.done, this.rows, this.refused, perSecond,
				(this.rows - this.done) / perSecond);
	}

}
