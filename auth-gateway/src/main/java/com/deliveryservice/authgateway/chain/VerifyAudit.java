package com.deliveryservice.authgateway.chain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

import com.deliveryservice.authgateway.chain.Verification.Report;
import com.deliveryservice.authgateway.command.Command;
import com.deliveryservice.authgateway.command.CommandDescription;
import com.deliveryservice.authgateway.command.CommandException;
import com.deliveryservice.authgateway.command.CommandOption;
import com.deliveryservice.authgateway.command.CommandOptions;
import com.deliveryservice.authgateway.command.Outcome;
import com.deliveryservice.authgateway.command.Terminal;
import com.deliveryservice.authgateway.database.Database;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * {@code audit-verify}: reads, and writes nothing, so that a database user who may only
 * read the audit tables is enough.
 */
@CommandDescription(name = "audit-verify", migrates = false,
		summary = "Checks the audit trail: exit code 1 if anything was changed, removed, added, moved or cut off",
		options = { @CommandOption(name = "log", value = "FILE", repeatable = true,
				meaning = "a log of the gateway; its chain_head lines show a tail that was cut off; - reads standard input"),
				@CommandOption(name = "expect-head", value = "NUMBER:DIGEST", repeatable = true,
						meaning = "the same by hand: \"head\" of such a line"),
				@CommandOption(name = "max-waiting", value = "DURATION",
						meaning = "how old an event may be that is not in the chain yet (5m)") })
class VerifyAudit implements Command {

	/** Counting millions of rows is the longest step. */
	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private static final Duration MAX_WAITING = Duration.ofMinutes(5);

	private final Database database;

	private final TrailKeys keys;

	VerifyAudit(Database database, TrailKeys keys) {
		this.database = database;
		this.keys = keys;
	}

	@Override
	public Mono<Outcome> run(CommandOptions options, Terminal terminal) {
		Findings findings = new Findings();
		Duration maxWaiting = maxWaiting(options.value("max-waiting"));
		return Mono.fromCallable(() -> expected(options, findings))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMapMany((expected) -> this.database.alone(PATIENCE,
					(own) -> new Verification(own, this.keys, expected, findings,
							(number) -> terminal.progress("link " + number))
						.run()
						.doOnNext((report) -> judge(report, expected, maxWaiting, findings, terminal))))
			.then(Mono.fromCallable(() -> (findings.count() == 0) ? Outcome.DONE : Outcome.FAILED));
	}

	private static void judge(Report report, ExpectedHeads expected, Duration maxWaiting, Findings findings,
			Terminal terminal) {
		if (report.waiting().oldestSeconds() > maxWaiting.toSeconds()) {
			findings.add("%d events have no place in the chain yet, the oldest for %.0f s: does a replica run?"
				.formatted(report.waiting().count(), report.waiting().oldestSeconds()));
		}
		terminal.result("links: %d, from %d to %d; cut by retention: %d times".formatted(report.links(),
				report.cut().number() + 1, report.head().number(), report.checkpoints()));
		terminal.result("waiting: %d events, the oldest for %.1f s".formatted(report.waiting().count(),
				report.waiting().oldestSeconds()));
		terminal.result("head: " + report.head().digest());
		terminal.result((expected.countAfter(report.cut().number() - 1) > 0)
				? "end: as long as the log says, up to link " + expected.last()
				: "end: not proven; give --log or --expect-head to see whether something was cut off");
		findings.first().forEach((finding) -> terminal.result("FOUND: " + finding));
		terminal.result((findings.count() == 0) ? "The audit trail is whole." : "The audit trail is NOT whole: "
				+ findings.count() + " findings, the first: " + findings.first().get(0));
	}

	private static ExpectedHeads expected(CommandOptions options, Findings findings) throws IOException {
		ExpectedHeads expected = new ExpectedHeads(findings);
		options.all("expect-head").forEach(expected::add);
		for (String log : options.all("log")) {
			try (BufferedReader reader = reader(log)) {
				if (expected.readAll(reader) == 0) {
					throw CommandException.usage("--log: " + log + " (expected a log with chain_head lines)");
				}
			}
		}
		return expected;
	}

	private static BufferedReader reader(String log) {
		try {
			return log.equals("-") ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
					: new BufferedReader(
							new InputStreamReader(Files.newInputStream(Path.of(log)), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw CommandException.usage("--log: " + log + " (expected a file that can be read)");
		}
	}

	private static Duration maxWaiting(@Nullable String value) {
		try {
			return (value == null) ? MAX_WAITING : DurationStyle.detectAndParse(value);
		}
		catch (IllegalArgumentException ex) {
			throw CommandException.usage("--max-waiting: " + value + " (expected a duration such as 5m)");
		}
	}

}
