package com.deliveryservice.authgateway.command;

import java.io.Console;
import java.io.PrintStream;

/**
 * Where a command speaks: results go to standard output alone, so that they can be piped;
 * remarks, progress and the log go to standard error.
 */
public final class Terminal {

	private static final int WIDTH = 79;

	private final PrintStream results;

	private final PrintStream remarks;

	private final boolean interactive;

	private boolean progressShown;

	/**
	 * A terminal over two streams.
	 * @param interactive whether somebody is looking, so that progress is drawn
	 */
	public Terminal(PrintStream results, PrintStream remarks, boolean interactive) {
		this.results = results;
		this.remarks = remarks;
		this.interactive = interactive;
	}

	/**
	 * Whether this process has a terminal and not just pipes.
	 */
	@SuppressWarnings("SystemConsoleNull")
	static boolean isLookedAt() {
		Console console = System.console();
		if (console == null) {
			return false;
		}
		try {
			// of JDK 22, where there is a console without a terminal too
			return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

	/**
	 * Whether somebody is looking, so that progress is drawn.
	 */
	public boolean isInteractive() {
		return this.interactive;
	}

	/**
	 * A line of the result.
	 */
	public synchronized void result(String line) {
		wipeProgress();
		this.results.println(line);
		this.results.flush();
	}

	/**
	 * A line for the person who looks.
	 */
	public synchronized void remark(String line) {
		wipeProgress();
		this.remarks.println(line);
	}

	/**
	 * How far it is: takes the place of the progress before, and is not shown where
	 * nobody looks.
	 */
	public synchronized void progress(String line) {
		if (this.interactive) {
			wipeProgress();
			this.remarks.print(line.substring(0, Math.min(line.length(), WIDTH)));
			this.remarks.flush();
			this.progressShown = true;
		}
	}

	private void wipeProgress() {
		if (this.progressShown) {
			this.remarks.print('\r' + " ".repeat(WIDTH) + '\r');
			this.progressShown = false;
		}
	}

}
