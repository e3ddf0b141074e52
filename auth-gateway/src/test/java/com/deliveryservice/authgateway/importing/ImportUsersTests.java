package com.deliveryservice.authgateway.importing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.command.CommandException;
import com.deliveryservice.authgateway.command.CommandOptions;
import com.deliveryservice.authgateway.command.Outcome;
import com.deliveryservice.authgateway.command.Terminal;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.directory.Callbacks;
import com.deliveryservice.authgateway.directory.PasswordHashing;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.identity.UserTypesSettings;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.password.PepperSettings;
import com.deliveryservice.authgateway.password.Peppers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ImportUsersTests {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final String HEADER = "login,email,phone_number,user_type,password_hash\n";

	private static final String PASSWORD = "p\u00E4ssw\u00F6rd-1";

	/** By htpasswd. */
	private static final String BCRYPT = "$2y$05$zbUrPgjIDu1vm.3BTLdLsONkx0u6dEZK2CS1.RF91nS/bfgKXxUBG";

	private static final String PEPPER = "A".repeat(43) + "=";

	private final MigratedDatabase database = MigratedDatabase.create();

	private final AuditFixture audit = new AuditFixture(this.database);

	private final MockEnvironment environment = new MockEnvironment();

	private final ByteArrayOutputStream results = new ByteArrayOutputStream();

	private final ByteArrayOutputStream remarks = new ByteArrayOutputStream();

	private final Path file;

	private Peppers peppers = new Peppers(new PepperSettings(null, List.of()));

	ImportUsersTests(@TempDir Path directory) {
		this.file = directory.resolve("users.csv");
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@Test
	void aRowBecomesAUserWithItsContactAndItsEvent() {
		assertThat(run(HEADER + "Anna,Anna@example.org,+15550100,courier," + BCRYPT + "\n")).isEqualTo(Outcome.DONE);
		assertThat(column("""
				SELECT concat_ws(' ', login, login_normalized, email, phone_number, verified_contact_kind,
				  verified_contact, user_type, status) FROM auth.user_account
				""")).containsExactly("Anna anna Anna@example.org +15550100 email anna@example.org courier active");
		assertThat(column("SELECT concat_ws(' ', type, detail) FROM auth.audit_event e "
				+ "JOIN auth.user_account u ON u.id = e.user_id"))
			.containsExactly("user_imported {\"line\":\"2\",\"user_type\":\"courier\"}");
		assertThat(this.results).asString().isEqualTo("1 rows: 1 imported, 0 were there already, 0 refused\n");
		assertThat(report()).doesNotExist();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ' ', value = { BCRYPT + " $bcrypt$c=5$",
			"pbkdf2_sha256$1000$Zq8sWc0kLmN2aB$Z0eqCsuobIc1E6zxxC8lOM+Yoa5Ux+Wsp2CFj3w0Mms= $pbkdf2-sha256$i=1000$",
			"$argon2i$m=1024,t=3,p=1$c29tZXNhbHRzb21l$PKHi7/STLdCFI0CfLm5LE7b7XfcQs8ibKjm+fSaq7Sk $argon2i$v=16$",
			"AQAAAAAAAAPoAAAAEApQ6JgLsAP1vKOFYa5HW5/T6y3Tga3LrIVP2MqzLpLTMjyic7xBZh88OwAxqBQ+vA== $pbkdf2-sha1$" })
	void itsPasswordIsTheOneItWas(String foreign, String stored) {
		assertThat(run(HEADER + "anna,,+15550100,customer,\"" + foreign + "\"\n")).isEqualTo(Outcome.DONE);
		String hash = column("SELECT password_hash FROM auth.user_account").get(0);
		assertThat(hash).startsWith(stored);
		PasswordHashing hashing = Callbacks.newHashing();
		StepVerifier.create(hashing.matches(PASSWORD, hash)).expectNext(true).expectComplete().verify(SOON);
		StepVerifier.create(hashing.matches("another", hash)).expectNext(false).expectComplete().verify(SOON);
		hashing.destroy();
	}

	@Test
	void thePepperIsAppliedAtOnce() {
		this.peppers = new Peppers(new PepperSettings(PEPPER, List.of()));
		run(HEADER + "anna,,+15550100,customer," + BCRYPT + "\n");
		assertThat(column("SELECT password_hash FROM auth.user_account").get(0)).startsWith("$bcrypt$c=5,l=23,keyid=");
	}

	@Test
	void aFileOfAnySpreadsheetIsRead() {
		run("\uFEFFpassword_hash,\"user_type\",login,phone_number,email\r\n" + BCRYPT
				+ ",customer,\"j\u00FCrgen\",\"\",\"o'neil@example.org\"\r\n\r\n" + BCRYPT
				+ ",kitchen,bert,+15550101,");
		assertThat(column("SELECT concat_ws(' ', login, user_type, verified_contact) FROM auth.user_account "
				+ "ORDER BY user_type"))
			.containsExactly("j\u00FCrgen customer o'neil@example.org", "bert kitchen +15550101");
	}

	@Test
	void everyRefusedRowIsReportedWithLineFieldAndReason() throws IOException {
		Outcome outcome = run(
				HEADER + "ok-1,ok@example.org,,customer," + BCRYPT + "\n" + "an,nomail,123,,{SSHA}abcdef\n"
						+ "\"quoted,\nover lines\",,,chief," + BCRYPT + "\n" + "bert,b@example.org,,customer\n"
						+ "carl,c@example.org,,customer,$2b$14$zbUrPgjIDu1vm.3BTLdLsONkx0u6dEZK2CS1.RF91nS/bfgKXxUBG\n"
						+ "dora,d@example.org,,customer,\n");
		assertThat(outcome).isEqualTo(Outcome.FAILED);
		assertThat(Files.readString(report())).isEqualToNormalizingNewlines("""
				line,field,reason
				3,login,"has to be 3 to 64 letters, digits, dots, _ and -"
				3,email,is no e-mail address
				3,phone_number,has to be + and 7 to 15 digits (E.164)
				3,user_type,missing
				3,password_hash,"(expected Argon2, bcrypt, PBKDF2 or ASP.NET Identity v3)"
				4,login,"has to be 3 to 64 letters, digits, dots, _ and -"
				4,email,missing: an e-mail or a phone number is required
				4,user_type,unknown
				6,,has not five fields
				7,password_hash,bcrypt cost 14 (expected up to 13)
				8,password_hash,"missing, and without auth-gateway.notifier.url nobody can set a password by a reset"
				""");
		assertThat(column("SELECT login FROM auth.user_account")).containsExactly("ok-1");
		assertThat(this.results).asString()
			.contains("6 rows: 1 imported, 0 were there already, 5 refused", "Refused rows: " + report());
	}

	@Test
	void whoIsThereAlreadyIsNotTouched() throws IOException {
		run(HEADER + "anna,anna@example.org,,customer," + BCRYPT + "\n");
		Outcome outcome = run(HEADER + "ANNA,other@example.org,,admin," + BCRYPT + "\n"
				+ "other,Anna@Example.org,,customer," + BCRYPT + "\n" + "bert,bert@example.org,,customer," + BCRYPT
				+ "\n" + "BERT,,+15550100,customer," + BCRYPT + "\n" + "bertha,bert@example.org,,customer," + BCRYPT
				+ "\n" + "bert,bert@example.org,,customer," + BCRYPT + "\n");
		assertThat(outcome).isEqualTo(Outcome.FAILED);
		assertThat(Files.readString(report())).isEqualToNormalizingNewlines("""
				line,field,reason
				2,login,belongs to a user that exists
				3,email,belongs to a user that exists
				5,login,is that of line 4 too
				6,email,is that of line 4 too
				7,login,is that of line 4 too
				""");
		assertThat(column("SELECT concat_ws(' ', login, user_type) FROM auth.user_account ORDER BY login"))
			.containsExactly("anna customer", "bert customer");
		assertThat(column("SELECT count(*) FROM auth.audit_event")).containsExactly("2");
	}

	@Test
	void runAgainItDoesNothingTwiceAndGoesOnWithWhatIsNew() {
		String some = HEADER + rows(0, 450);
		run(some);
		this.database.raw()
			.execute(
					"UPDATE auth.user_account SET password_hash = 'upgraded', login = 'renamed' WHERE login = 'user-7'");
		assertThat(run(some)).isEqualTo(Outcome.DONE);
		assertThat(this.results).asString().endsWith("450 rows: 0 imported, 450 were there already, 0 refused\n");
		assertThat(run(some + rows(450, 460))).isEqualTo(Outcome.DONE);
		assertThat(this.results).asString().endsWith("460 rows: 10 imported, 450 were there already, 0 refused\n");
		assertThat(column("SELECT count(*) FROM auth.audit_event")).containsExactly("460");
		assertThat(column("SELECT count(*) FROM auth.user_account WHERE password_hash = 'upgraded'"))
			.containsExactly("1");
	}

	@Test
	void whatFailsInTheMiddleLeavesWholeBatchesAndNoHalves() {
		this.database.raw().execute("""
				CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''disk full''; END';
				CREATE TRIGGER fail BEFORE INSERT ON auth.audit_event FOR EACH ROW
				  WHEN (NEW.detail LIKE '%"301"%') EXECUTE FUNCTION fail()
				""");
		String file = HEADER + rows(0, 500);
		assertThatExceptionOfType(CommandException.class).isThrownBy(() -> run(file))
			.withMessageContaining("nothing is half-done: run the same again to go on")
			.withMessageContaining("200 rows: 200 imported");
		assertThat(column("SELECT count(*) FROM auth.user_account")).containsExactly("200");
		assertThat(column("SELECT count(*) FROM auth.imported_user")).containsExactly("200");
		assertThat(column("SELECT count(*) FROM auth.audit_event")).containsExactly("200");
		this.database.raw().execute("DROP TRIGGER fail ON auth.audit_event");
		assertThat(run(file)).isEqualTo(Outcome.DONE);
		assertThat(this.results).asString().endsWith("500 rows: 300 imported, 200 were there already, 0 refused\n");
	}

	@Test
	void withANotifierNobodyNeedsAHash() {
		this.environment.setProperty("auth-gateway.notifier.url", "http://localhost:1");
		assertThat(run(HEADER + "anna,anna@example.org,,customer,\n")).isEqualTo(Outcome.DONE);
		assertThat(column("SELECT password_hash FROM auth.user_account")).containsExactly(PasswordHashing.NO_PASSWORD);
	}

	@Test
	void aDryRunReportsAndChangesNothing() throws IOException {
		run(HEADER + "anna,anna@example.org,,customer," + BCRYPT + "\n");
		Outcome outcome = run(HEADER + "anna,a@example.org,,customer," + BCRYPT + "\n" + rows(0, 3), "dry-run");
		assertThat(outcome).isEqualTo(Outcome.FAILED);
		assertThat(this.results).asString()
			.contains("Nothing was changed; it would be: 4 rows: 3 imported, 0 were there already, 1 refused");
		assertThat(Files.readString(report())).contains("2,login,belongs to a user that exists");
		assertThat(column("SELECT count(*) FROM auth.user_account")).containsExactly("1");
		assertThat(column("SELECT count(*) FROM auth.audit_event")).containsExactly("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "login;email;phone_number;user_type;password_hash\n",
			"anna,a@example.org,,customer,x\n", "login,email,phone_number,user_type,password_hash,status\n",
			"login,login,phone_number,user_type,email\n" })
	void aFileWithoutTheHeaderIsNotTouched(String content) {
		expectUsage(content.getBytes(StandardCharsets.UTF_8),
				"the first line is not the header (expected login,email,");
	}

	@Test
	void aFileThatIsNoCsvToItsEndChangesNothing() {
		String good = HEADER + rows(0, 300);
		expectUsage((good + "broken,\"quo\"te,,customer,x\n").getBytes(StandardCharsets.UTF_8), "no CSV after line ");
		expectUsage((good + "open,\"o@example.org,,customer,x\nlost,l@example.org,,customer,x\n")
			.getBytes(StandardCharsets.UTF_8), "a quote is not closed, in line 302 or before");
		expectUsage((good + "x".repeat(5000) + ",,,,\n").getBytes(StandardCharsets.UTF_8), "no CSV after line ");
		expectUsage((good + "j\u00FCrgen,,,,\n").getBytes(StandardCharsets.ISO_8859_1), "not UTF-8");
	}

	@Test
	void aFileThatIsNotThereIsSaidInOneLine() {
		assertThatExceptionOfType(CommandException.class).isThrownBy(() -> run(Map.of("file", List.of("nowhere.csv"))))
			.withMessage("nowhere.csv: cannot be read (NoSuchFileException)")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.USAGE));
	}

	@Test
	void aReportIsNeverWrittenOverWhatIsNoReport(@TempDir Path directory) throws IOException {
		String content = HEADER + "anna,nomail,,customer," + BCRYPT + "\n";
		Files.writeString(this.file, content);
		Path link = Files.createSymbolicLink(directory.resolve("link.csv"), this.file);
		expectUnusable(this.file, "is the file with the users");
		expectUnusable(link, "is the file with the users");
		expectUnusable(Files.createDirectory(directory.resolve("empty")), "is no regular file");
		expectUnusable(directory.resolve("nowhere/report.csv"),
				"cannot be written (expected a directory that can be written to)");
		assertThat(this.file).hasContent(content);
		assertThat(link).isSymbolicLink();
		assertThat(directory.resolve("empty")).isDirectory();
	}

	private void expectUnusable(Path report, String problem) {
		assertThatExceptionOfType(CommandException.class)
			.isThrownBy(() -> run(Map.of("file", List.of(this.file.toString()), "report", List.of(report.toString()))))
			.withMessage("--report: " + report + " " + problem)
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.USAGE));
	}

	private void expectUsage(byte[] content, String message) {
		assertThatExceptionOfType(CommandException.class).isThrownBy(() -> {
			Files.write(this.file, content);
			run(Map.of("file", List.of(this.file.toString())));
		}).withMessageContaining(message).satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.USAGE));
		assertThat(column("SELECT count(*) FROM auth.user_account")).containsExactly("0");
	}

	private Outcome run(String content, String... flags) {
		Map<String, List<String>> options = new HashMap<>(Map.of("file", List.of(this.file.toString())));
		for (String flag : flags) {
			options.put(flag, List.of(""));
		}
		try {
			Files.writeString(this.file, content);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return run(options);
	}

	private Outcome run(Map<String, List<String>> options) {
		RowRules rules = new RowRules(new UserTypes(new UserTypesSettings(Map.of())), this.peppers, new Randomness(),
				this.environment);
		ImportUsers command = new ImportUsers(rules, new ImportedUsers(this.database.database(), this.audit.trail()),
				Retry.backoff(2, Duration.ofMillis(10)));
		Terminal terminal = new Terminal(stream(this.results), stream(this.remarks), false);
		return command.run(CommandOptions.of(options), terminal).blockOptional(SOON).orElseThrow();
	}

	private Path report() {
		return this.file.resolveSibling("users.csv.refused.csv");
	}

	private List<String> column(String sql) {
		return this.audit.column(sql);
	}

	private static String rows(int from, int to) {
		return IntStream.range(from, to)
			.mapToObj((i) -> "user-" + i + ",user-" + i + "@example.org,,customer," + BCRYPT + "\n")
			.collect(Collectors.joining());
	}

	private static PrintStream stream(ByteArrayOutputStream bytes) {
		return new PrintStream(bytes, true, StandardCharsets.UTF_8);
	}

}
