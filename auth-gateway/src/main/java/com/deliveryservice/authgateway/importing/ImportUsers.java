package com.deliveryservice.authgateway.importing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

import com.deliveryservice.authgateway.command.Command;
import com.deliveryservice.authgateway.command.CommandDescription;
import com.deliveryservice.authgateway.command.CommandException;
import com.deliveryservice.authgateway.command.CommandOption;
import com.deliveryservice.authgateway.command.CommandOptions;
import com.deliveryservice.authgateway.command.Outcome;
import com.deliveryservice.authgateway.command.Terminal;
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.importing.UserFile.Row;

/**
 * {@code import-users}: every row of a file becomes a user, was one before, or is refused
 * and reported. After an end in the middle the same again goes on where it was, since
 * rows are known again by their content.
 */
@CommandDescription(name = "import-users",
		summary = "Takes over users from a CSV file; run again, it goes on where it was, and does nothing twice",
		options = {
				@CommandOption(name = "file", value = "<users.csv>", required = true,
						meaning = "UTF-8, with the header login,email,phone_number,user_type,password_hash"),
				@CommandOption(name = "report", value = "<refused.csv>",
						meaning = "where refused rows are told; otherwise beside the file, as <users.csv>.refused.csv"),
				@CommandOption(name = "dry-run",
						meaning = "looks at every row by itself and at the users that exist, and changes nothing") })
class ImportUsers implements Command {

	/** Far within the database's deadline. */
	private static final int AT_ONCE = 200;

	/** About half a minute, with the tries themselves. */
	private static final RetryBackoffSpec PATIENT = Retry.backoff(8, Duration.ofMillis(200))
		.maxBackoff(Duration.ofSeconds(5));

	private final RowRules rules;

	private final ImportedUsers users;

	private final Retry retry;

	@Autowired
	ImportUsers(RowRules rules, ImportedUsers users) {
		this(rules, users, PATIENT);
	}

	ImportUsers(RowRules rules, ImportedUsers users, RetryBackoffSpec retry) {
		this.rules = rules;
		this.users = users;
		this.retry = retry.filter(DatabaseUnavailableException.class::isInstance)
			.onRetryExhaustedThrow((spec, signal) -> signal.failure());
	}

	@Override
	public Mono<Outcome> run(CommandOptions options, Terminal terminal) {
		Path path = Path.of(options.required("file"));
		Path report = Path.of(Objects.requireNonNullElse(options.value("report"), path + ".refused.csv"));
		boolean onlyTry = options.has("dry-run");
		return Mono.fromCallable(() -> UserFile.open(path))
			.flatMap((file) -> Mono.using(() -> new Report(report, path),
					(opened) -> run(file, opened, onlyTry, terminal), Report::close))
			.subscribeOn(Schedulers.boundedElastic());
	}

	private Mono<Outcome> run(UserFile file, Report report, boolean onlyTry, Terminal terminal) {
		Progress progress = new Progress(terminal, file.rows(), System::nanoTime);
		return file.read()
			.buffer(AT_ONCE)
			.subscribeOn(Schedulers.boundedElastic())
			.concatMap((rows) -> take(rows, file.digest(), onlyTry).publishOn(Schedulers.boundedElastic())
				.doOnNext((outcomes) -> {
					report.add(outcomes.refusals());
					progress.count(rows.size(), outcomes);
				}), 1)
			.then(Mono.fromCallable(() -> ended(progress, report, onlyTry, terminal)))
			.onErrorMap(DatabaseUnavailableException.class, (ex) -> CommandException.failed("The database went away. "
					+ progress.summary() + "; nothing is half-done: run the same again to go on"));
	}

	/**
	 * Takes some rows, or none of them. After a lost answer it is the same again.
	 */
	private Mono<Outcomes> take(List<Row> rows, String file, boolean onlyTry) {
		List<Refusal> refusals = new ArrayList<>();
		List<Candidate> candidates = rows.stream()
			.map((row) -> this.rules.check(row, refusals))
			.filter(Objects::nonNull)
			.map(Objects::requireNonNull)
			.toList();
		return this.users.add(candidates, file, onlyTry)
			.retryWhen(this.retry)
			.map((outcomes) -> outcomes.with(refusals));
	}

	private static Outcome ended(Progress progress, Report report, boolean onlyTry, Terminal terminal) {
		terminal.result((onlyTry ? "Nothing was changed; it would be: " : "") + progress.summary());
		if (progress.refused() == 0) {
			return Outcome.DONE;
		}
		terminal.result("Refused rows: " + report.path());
		return Outcome.FAILED;
	}

}
