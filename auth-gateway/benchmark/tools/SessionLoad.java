import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code ../sessions} measures: refreshes, how fast a sign-out reaches the other
 * replica, and what ended sessions weigh. One person signs up and in through the API; the
 * other sessions are copies of theirs in the database, each with a refresh token that is
 * known here. Any answer but the expected one ends it.
 * <p>
 * Usage: {@code java -cp TEST_CLASS_PATH SessionLoad.java name=value…}
 */
class SessionLoad {

	private static final String BEGIN = "<!-- sessions:begin (written by auth-gateway/benchmark/sessions) -->\n";

	private static final String END = "<!-- sessions:end -->\n";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/** Sessions of one user; a sign-in would end most of them, but nobody signs in. */
	private static final int PER_USER = 10;

	private static final int WORKERS = 16;

	private static final int PACE = 50;

	/** A column that is not named keeps the value of the copied row. */
	private static final String USERS = """
			INSERT INTO auth.user_account SELECT r.* FROM auth.user_account t, generate_series(%d, %d) n,
			LATERAL jsonb_populate_record(t, jsonb_build_object('id', auth.load_id(1, n), 'login', 'load-' || n,
			'login_normalized', 'load-' || n, 'email', NULL, 'verified_contact', 'load-' || n || '@example.org')) r
			WHERE t.login = 'template'""";

	private static final String SESSIONS = """
			INSERT INTO auth.session SELECT r.* FROM auth.session t, generate_series(%d, %d) n,
			LATERAL jsonb_populate_record(t, jsonb_build_object('id', auth.load_id(5, n),
			'user_id', auth.load_id(1, n / 10))) r WHERE t.id = '%s'""";

	private static final String TOKENS = """
			INSERT INTO auth.refresh_token SELECT r.* FROM auth.refresh_token t, generate_series(%d, %d) n,
			LATERAL jsonb_populate_record(t, jsonb_build_object('session_id', auth.load_id(5, n),
			'digest', sha256(convert_to(lpad(n::text, 43, 'a'), 'UTF8'))::text)) r WHERE t.session_id = '%s'""";

	private static final String ID = """
			CREATE FUNCTION auth.load_id(kind int, n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS
			$$ SELECT (kind || '0000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$""";

	private static final String ENDINGS = """
			WITH ended AS (UPDATE auth.session SET ended_at = now(), end_reason = 'revoked' WHERE id IN
			(SELECT auth.load_id(5, n) FROM generate_series(%d, %d) n) AND ended_at IS NULL RETURNING id)
			INSERT INTO auth.session_event (session_id, reason) SELECT id, 'revoked' FROM ended""";

	private final Map<String, String> given = new HashMap<>();

	private final AtomicLong next = new AtomicLong(1);

	private final List<String> rows = new ArrayList<>();

	private final String database;

	private String template = "";

	SessionLoad(String... args) {
		for (String arg : args) {
			this.given.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
		}
		this.database = "jdbc:postgresql://127.0.0.1:" + number("postgres") + "/postgres";
	}

	public static void main(String[] args) throws Exception {
		SessionLoad load = new SessionLoad(args);
		load.signUp();
		load.measure();
		load.write();
	}

	private void measure() throws Exception {
		int small = number("small");
		say("inserting " + small + " sessions, and warming up");
		sql(ID);
		insert(0, small);
		atFullSpeed(number("warm-up"));
		refreshes(small);
		int large = number("sessions");
		say("inserting up to " + large + " sessions");
		insert(small + 1, large);
		this.next.set(small + 1);
		atFullSpeed(number("warm-up") / 4);
		refreshes(large);
		say("signing out on one replica, asking the other");
		propagation();
		say("ending " + number("ended") + " sessions");
		memory(large);
	}

	private void signUp() throws IOException {
		try (Line edge = new Line(number("edge-a")); Line standIn = new Line(number("stand-in"))) {
			String password = "a password of the benchmark";
			JsonNode signUp = edge.json("/auth/sign-up",
					"{\"login\":\"template\",\"email\":\"template@example.org\",\"password\":\"" + password + "\"}", 202);
			String code = JSON.readTree(standIn.expect(200, "GET", "/outbox?to=template@example.org", "", ""))
				.path(0)
				.path("code")
				.asString();
			edge.json("/auth/sign-up/" + signUp.path("sign_up_id").asString() + "/verification",
					"{\"code\":\"" + code + "\"}", 204);
			this.template = edge
				.json("/auth/sign-in", "{\"login\":\"template\",\"password\":\"" + password + "\"}", 200)
				.path("session_id")
				.asString();
		}
	}

	/** In pieces, so that no statement is huge. */
	private void insert(int from, int to) throws SQLException {
		for (int at = from; at <= to; at += 50_000) {
			int last = Math.min(to, at + 49_999);
			sql(USERS.formatted((at + PER_USER - 1) / PER_USER, last / PER_USER));
			sql(SESSIONS.formatted(at, last, this.template));
			sql(TOKENS.formatted(at, last, this.template));
		}
		sql("ANALYZE auth.session");
		sql("ANALYZE auth.refresh_token");
		sql("ANALYZE auth.user_account");
		sql("CHECKPOINT");
	}

	private void refreshes(int live) throws Exception {
		String sessions = String.format(Locale.ROOT, "%,d live sessions", live);
		int seconds = number("duration");
		long[] full = atFullSpeed(seconds);
		row("refreshes, " + WORKERS + " at a time, " + sessions, "%,.0f/s, p50 %.1f ms, p99 %.1f ms",
				(double) full.length / seconds, percentile(full, 50), percentile(full, 99));
		long[] paced = paced(seconds);
		row("refreshes, " + PACE + " a second, " + sessions, "p50 %.1f ms, p99 %.1f ms", percentile(paced, 50),
				percentile(paced, 99));
	}

	private long[] atFullSpeed(int seconds) throws Exception {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		return together((edge, took) -> {
			while (System.nanoTime() < end) {
				long asked = System.nanoTime();
				refresh(edge);
				took.add(System.nanoTime() - asked);
			}
		});
	}

	/** From when each was due: who is late because the one before was slow counts as slow. */
	private long[] paced(int seconds) throws Exception {
		long begin = System.nanoTime();
		AtomicLong number = new AtomicLong();
		return together((edge, took) -> {
			long n = number.getAndIncrement();
			while (n < (long) seconds * PACE) {
				long due = begin + n * (1_000_000_000L / PACE);
				while (System.nanoTime() < due) {
					LockSupport.parkNanos(due - System.nanoTime());
				}
				refresh(edge);
				took.add(System.nanoTime() - due);
				n = number.getAndIncrement();
			}
		});
	}

	private long[] together(Work work) throws Exception {
		ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
		try {
			Callable<List<Long>> one = () -> {
				List<Long> took = new ArrayList<>();
				try (Line edge = new Line(number("edge-a"))) {
					work.run(edge, took);
				}
				return took;
			};
			List<Future<List<Long>>> all = new ArrayList<>();
			for (int i = 0; i < WORKERS; i++) {
				all.add(workers.submit(one));
			}
			List<Long> took = new ArrayList<>();
			for (Future<List<Long>> each : all) {
				took.addAll(each.get());
			}
			return took.stream().mapToLong(Long::longValue).sorted().toArray();
		}
		finally {
			workers.shutdownNow();
		}
	}

	private JsonNode refresh(Line edge) throws IOException {
		long n = this.next.getAndIncrement();
		String token = "a".repeat(43 - Long.toString(n).length()) + n;
		return JSON.readTree(edge.expect(200, "POST", "/oauth2/token",
				"Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: 10." + n / 65536 % 256 + "."
						+ n / 256 % 256 + "." + n % 256 + "\r\n",
				"grant_type=refresh_token&refresh_token=" + token));
	}

	private void propagation() throws Exception {
		long[] lags = new long[number("rounds")];
		ExecutorService asking = Executors.newSingleThreadExecutor();
		try (Line a = new Line(number("edge-a")); Line b = new Line(number("edge-b"))) {
			for (int i = 0; i < lags.length; i++) {
				String bearer = "Authorization: Bearer " + refresh(a).path("access_token").asString() + "\r\n";
				b.expect(200, "GET", "/auth/me", bearer, "");
				Future<Long> refused = asking.submit(() -> {
					while (b.status("GET", "/auth/me", bearer, "") == 200) {
						Thread.onSpinWait();
					}
					return System.nanoTime();
				});
				a.expect(204, "POST", "/auth/sign-out", bearer, "");
				long done = System.nanoTime();
				lags[i] = Math.max(0, refused.get(30, TimeUnit.SECONDS) - done);
			}
		}
		finally {
			asking.shutdownNow();
		}
		Arrays.sort(lags);
		row("from the answer to a sign-out on one replica to the first refusal by the other (" + lags.length + " times)",
				"p50 %.1f ms, p99 %.1f ms, longest %.1f ms", percentile(lags, 50), percentile(lags, 99),
				percentile(lags, 100));
	}

	private void memory(int large) throws Exception {
		int count = number("ended");
		double known = meter("auth_gateway_revocation_sessions");
		double before = heapInUse();
		for (int at = large - count + 1; at <= large; at += 5_000) {
			sql(ENDINGS.formatted(at, Math.min(large, at + 4_999)));
		}
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (meter("auth_gateway_revocation_sessions") < known + count) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("the replica has not learnt of all ended sessions");
			}
			Thread.sleep(200);
		}
		double bytes = heapInUse() - before;
		row(String.format(Locale.ROOT, "heap of a replica for %,d ended sessions", count), "%.1f MB, %.0f bytes each",
				bytes / 1e6, bytes / count);
	}

	/** After full collections, by the JVM's own tool. */
	private double heapInUse() throws Exception {
		String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		for (int i = 0; i < 3; i++) {
			Process process = new ProcessBuilder(jcmd, this.given.get("pid-b"), "GC.run").redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			if (process.waitFor() != 0) {
				throw new IllegalStateException("jcmd failed: a JDK is needed");
			}
		}
		return meter("jvm_memory_used_bytes{area=\"heap\"");
	}

	private double meter(String prefix) throws IOException {
		try (Line internal = new Line(number("internal-b"))) {
			return internal.expect(200, "GET", "/actuator/prometheus", "", "")
				.lines()
				.filter((line) -> line.startsWith(prefix))
				.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
				.sum();
		}
	}

	private void write() throws IOException {
		StringBuilder block = new StringBuilder();
		block.append("\n").append(LocalDate.now()).append(", commit ").append(this.given.get("commit")).append(". ");
		block.append(Runtime.getRuntime().availableProcessors())
			.append(" cores for PostgreSQL, both replicas and the load; JVM ")
			.append(Runtime.version())
			.append(".\n\n| what | measured |\n| --- | --- |\n");
		this.rows.forEach((row) -> block.append(row).append("\n"));
		System.out.print(block);
		if (this.given.get("report").equals("-")) {
			return;
		}
		Path report = Path.of(this.given.get("report"));
		String text = Files.readString(report);
		int begin = text.indexOf(BEGIN) + BEGIN.length();
		int end = text.indexOf(END);
		if (begin < BEGIN.length() || end < begin) {
			throw new IllegalStateException("no place for it in " + report);
		}
		Files.writeString(report, text.substring(0, begin) + block + "\n" + text.substring(end));
	}

	private void row(String what, String format, Object... values) {
		this.rows.add("| " + what + " | " + String.format(Locale.ROOT, format, values) + " |");
	}

	private void sql(String statement) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.database, "postgres", "postgres");
				Statement run = connection.createStatement()) {
			run.execute(statement);
		}
	}

	/** In milliseconds. */
	private static double percentile(long[] sorted, int percent) {
		int index = (int) Math.ceil(sorted.length * percent / 100.0) - 1;
		return sorted[Math.max(0, index)] / 1e6;
	}

	private int number(String name) {
		return Integer.parseInt(this.given.get(name));
	}

	private static void say(String text) {
		System.out.println(text);
	}

	private interface Work {

		void run(Line edge, List<Long> took) throws Exception;

	}

	/**
	 * One kept connection and no more than that: an HTTP client would take the cores that
	 * are measured.
	 */
	private static final class Line implements AutoCloseable {

		private final int port;

		private Socket socket;

		private InputStream in;

		private String body = "";

		Line(int port) throws IOException {
			this.port = port;
			connect();
		}

		private void connect() throws IOException {
			this.socket = new Socket("127.0.0.1", this.port);
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(20_000);
			this.in = new BufferedInputStream(this.socket.getInputStream());
		}

		JsonNode json(String path, String body, int expected) throws IOException {
			String answer = expect(expected, "POST", path, "Content-Type: application/json\r\n", body);
			return JSON.readTree(answer.isEmpty() ? "null" : answer);
		}

		String expect(int expected, String method, String path, String headers, String body) throws IOException {
			int status = status(method, path, headers, body);
			if (status != expected) {
				throw new IllegalStateException(method + " " + path + ": " + status + " " + this.body);
			}
			return this.body;
		}

		int status(String method, String path, String headers, String body) throws IOException {
			String request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "Content-Length: "
					+ body.length() + "\r\n\r\n" + body;
			this.socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			int status = Integer.parseInt(line().split(" ")[1]);
			int length = 0;
			boolean chunked = false;
			boolean last = false;
			for (String header = line(); !header.isEmpty(); header = line()) {
				String lower = header.toLowerCase(Locale.ROOT);
				if (lower.startsWith("content-length:")) {
					length = Integer.parseInt(lower.substring(15).trim());
				}
				chunked |= lower.equals("transfer-encoding: chunked");
				last |= lower.equals("connection: close");
			}
			this.body = chunked ? chunks() : text(length);
			if (last) {
				close();
				connect();
			}
			return status;
		}

		private String chunks() throws IOException {
			StringBuilder all = new StringBuilder();
			for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
				all.append(text(size));
				line();
			}
			line();
			return all.toString();
		}

		private String text(int length) throws IOException {
			return new String(this.in.readNBytes(length), StandardCharsets.UTF_8);
		}

		private String line() throws IOException {
			StringBuilder line = new StringBuilder();
			for (int c = this.in.read(); c != '\n'; c = this.in.read()) {
				if (c < 0) {
					throw new IOException("the connection was closed");
				}
				if (c != '\r') {
					line.append((char) c);
				}
			}
			return line.toString();
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
