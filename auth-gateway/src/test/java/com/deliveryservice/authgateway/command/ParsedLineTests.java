package com.deliveryservice.authgateway.command;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ParsedLineTests {

	private static final CommandDescription DESCRIPTION = Objects
		.requireNonNull(Example.class.getAnnotation(CommandDescription.class));

	@Test
	void optionsComeWithASpaceOrAnEqualsSignAndPropertiesGoToSpring() {
		ParsedLine line = ParsedLine.of(List.of("--file", "a=b.csv", "--auth-gateway.issuer=https://x", "--dry-run",
				"--head=1:aa", "--head", "2:bb"), DESCRIPTION);
		assertThat(line.options().required("file")).isEqualTo("a=b.csv");
		assertThat(line.options().has("dry-run")).isTrue();
		assertThat(line.options().all("head")).containsExactly("1:aa", "2:bb");
		assertThat(line.options().value("log")).isNull();
		assertThat(line.properties()).containsExactly("--auth-gateway.issuer=https://x");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "--fiel x | unknown option --fiel (see example --help)",
					"--file x y | unknown option y (see example --help)", "--file | --file: needs a value, FILE",
					"--file --dry-run | --file: needs a value, FILE", "--dry-run | --file: missing (what to read)",
					"--file x --file y | --file: given twice", "--file x --dry-run=false | --dry-run: takes no value" })
	void whatIsWrongIsSaidInOneLine(String arguments, String line) {
		assertThatExceptionOfType(CommandException.class)
			.isThrownBy(() -> ParsedLine.of(List.of(arguments.split(" ")), DESCRIPTION))
			.withMessage(line)
			.extracting(CommandException::outcome)
			.isEqualTo(Outcome.USAGE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "invite-admin", "--help", "--server.port=0 import-users --file x", "nonsense" })
	void aWordOrACallForHelpIsACommand(String arguments) {
		assertThat(CommandLine.isAsked(arguments.split(" "))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "--server.port=0", "--debug", "--debug --server.port=0 --trace" })
	void everythingElseServes(String arguments) {
		assertThat(CommandLine.isAsked(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isFalse();
	}

	@Test
	void theHelpNamesEveryOption() {
		assertThat(Help.of(DESCRIPTION)).contains(
				"example --file FILE [--head NUMBER:DIGEST ...] [--dry-run] [--log FILE]", "Reads a file",
				"what to read", "changes nothing");
	}

	@CommandDescription(name = "example", summary = "Reads a file",
			options = { @CommandOption(name = "file", value = "FILE", meaning = "what to read", required = true),
					@CommandOption(name = "head", value = "NUMBER:DIGEST", meaning = "a head", repeatable = true),
					@CommandOption(name = "dry-run", meaning = "changes nothing"),
					@CommandOption(name = "log", value = "FILE", meaning = "a log") })
	private static final class Example implements Command {

		@Override
		public Mono<Outcome> run(CommandOptions options, Terminal terminal) {
			return Mono.just(Outcome.DONE);
		}

	}

}
