import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * What {@code ../people} measures: whether the time of a failed sign-in tells who exists,
 * how many sign-ins there are in a second, and what a flood of them does to forwarding.
 * Every person comes from an address of the own, as through an ingress; what failures are
 * counted is forgotten between samples. Any answer but the expected ones ends it.
 * <p>
 * Usage: {@code java -cp TEST_CLASS_PATH PeopleLoad.java name=value…}
 */
class PeopleLoad {

	private static final String BEGIN = "<!-- people:begin (written by auth-gateway/benchmark/people) -->\n";

	private static final String END = "<!-- people:end -->\n";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String PASSWORD = "a password of the benchmark";

	/** Who fails, each with the login and the password that was entered. */
	private static final Map<String, String[]> KINDS = new LinkedHashMap<>();
	static {
		KINDS.put("unknown login", new String[] { "nobody", PASSWORD });
		KINDS.put("wrong password", new String[] { "template", "not the password" });
		KINDS.put("sign-up not verified yet", new String[] { "pending", PASSWORD });
		KINDS.put("suspended", new String[] { "suspended", PASSWORD });
	}

	/** In milliseconds. */
	private static final double BAR = 5;

	/** Fewer than may wait for a hash, so that nobody is turned away. */
	private static final int WORKERS = 16;

	private static final int FLOODERS = 100;

	private static final int PACE = 200;

	private static final int PEOPLE = 2000;

	private static final long BACK_OFF = TimeUnit.MILLISECONDS.toNanos(20);

	private static final String COPIES = """
			INSERT INTO auth.user_account SELECT r.* FROM auth.user_account t, generate_series(1, %d) n,
			LATERAL jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'login', 'person-' || n,
			'login_normalized', 'person-' || n, 'verified_contact', 'person-' || n || '@example.org')) r
			WHERE t.login = 'template'""".formatted(PEOPLE);

	private final Map<String, String> given = new HashMap<>();

	private final AtomicLong next = new AtomicLong();

	/** Told 503: on a quiet machine nobody is, once it is warm. */
	private final AtomicLong turnedAway = new AtomicLong();

	private final List<String> rows = new ArrayList<>();

	private final String database;

	PeopleLoad(String... args) {
		for (String arg : args) {
			this.given.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
		}
		this.database = "jdbc:postgresql://127.0.0.1:" + number("postgres") + "/postgres";
	}

	public static void main(String[] args) throws Exception {
		PeopleLoad load = new PeopleLoad(args);
		load.serveBackend();
		load.measure();
		load.write();
		System.exit(0);
	}

	private void measure() throws Exception {
		signUp("template", true);
		signUp("pending", false);
		sql(COPIES);
		sql("UPDATE auth.user_account SET login = 'suspended', login_normalized = 'suspended', status = 'suspended' "
				+ "WHERE login = 'person-1'");
		sql("ANALYZE auth.user_account");
		say("warming up");
		signIns(number("warm-up"));
		say("failing to sign in, in four ways");
		oracle(number("samples") / 4);
		oracle();
		say("signing in");
		int seconds = number("duration");
		this.turnedAway.set(0);
		long[] took = signIns(seconds);
		row("sign-ins, " + WORKERS + " at a time", "%,.0f/s, p50 %.0f ms, p99 %.0f ms; %d turned away",
				(double) took.length / seconds, percentile(took, 50), percentile(took, 99), this.turnedAway.get());
		say("forwarding, without and with a flood of sign-ins");
		flood(seconds);
	}

	private void signUp(String login, boolean verified) throws IOException {
		try (Line edge = new Line(number("edge")); Line standIn = new Line(number("stand-in"))) {
			String email = login + "@example.org";
			JsonNode signUp = JSON.readTree(edge.expect(202, "POST", "/auth/sign-up", address(), "{\"login\":\"" + login
					+ "\",\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\"}"));
			String code = JSON.readTree(standIn.expect(200, "GET", "/outbox?to=" + email, "", ""))
				.path(0)
				.path("code")
				.asString();
			if (verified) {
				edge.expect(204, "POST", "/auth/sign-up/" + signUp.path("sign_up_id").asString() + "/verification",
						address(), "{\"code\":\"" + code + "\"}");
			}
		}
	}

	private void oracle() throws Exception {
		Map<String, long[]> took = oracle(number("samples"));
		double lowest = Double.MAX_VALUE;
		double highest = 0;
		for (Map.Entry<String, long[]> kind : took.entrySet()) {
			double median = percentile(kind.getValue(), 50);
			lowest = Math.min(lowest, median);
			highest = Math.max(highest, median);
			row("failed sign-in: " + kind.getKey(), "median %.2f ms, p90 %.2f ms", median,
					percentile(kind.getValue(), 90));
		}
		row("the largest difference of these medians", "%.2f ms (asked: at most %.0f ms, %s)", highest - lowest, BAR,
				(number("samples") < 200) ? "not judged with so few samples"
						: (highest - lowest <= BAR) ? "met" : "**MISSED**");
	}

	/** Interleaved, each round in another order, one at a time. */
	private Map<String, long[]> oracle(int samples) throws Exception {
		Map<String, List<Long>> took = new LinkedHashMap<>();
		KINDS.keySet().forEach((kind) -> took.put(kind, new ArrayList<>()));
		List<String> order = new ArrayList<>(KINDS.keySet());
		try (Line edge = new Line(number("edge"))) {
			for (int round = 0; round < samples; round++) {
				sql("DELETE FROM auth.throttle");
				sql("DELETE FROM auth.throttle_spray");
				Collections.rotate(order, 1);
				if (round % 4 == 0) {
					Collections.swap(order, round / 4 % 4, (round / 4 + 1) % 4);
				}
				for (String kind : order) {
					long asked = System.nanoTime();
					edge.expect(401, "POST", "/auth/sign-in", address(), signIn(KINDS.get(kind)[0], KINDS.get(kind)[1]));
					took.get(kind).add(System.nanoTime() - asked);
				}
			}
		}
		Map<String, long[]> sorted = new LinkedHashMap<>();
		took.forEach((kind, each) -> sorted.put(kind, sorted(each)));
		return sorted;
	}

	private long[] signIns(int seconds) throws Exception {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		return together(WORKERS, (edge, took) -> {
			while (System.nanoTime() < end) {
				long person = 2 + this.next.getAndIncrement() % (PEOPLE - 1);
				long asked = System.nanoTime();
				int status = edge.status("POST", "/auth/sign-in", address(), signIn("person-" + person, PASSWORD));
				if (status == 200) {
					took.add(System.nanoTime() - asked);
				}
				else if (status == 503) {
					this.turnedAway.incrementAndGet();
					LockSupport.parkNanos(BACK_OFF);
				}
				else {
					throw new IllegalStateException("a sign-in: " + status + " " + edge.body);
				}
			}
		});
	}

	private void flood(int seconds) throws Exception {
		String token;
		try (Line edge = new Line(number("edge"))) {
			token = JSON.readTree(edge.expect(200, "POST", "/auth/sign-in", address(), signIn("person-2", PASSWORD)))
				.path("access_token")
				.asString();
		}
		forwarded(token, number("warm-up") / 2);
		List<Long> calm = new ArrayList<>();
		List<Long> flooded = new ArrayList<>();
		AtomicLong hashed = new AtomicLong();
		for (int round = 0; round < number("rounds"); round++) {
			add(calm, forwarded(token, seconds));
			add(flooded, underFlood(token, seconds, hashed));
		}
		String paced = "forwarded requests, " + PACE + " a second, ";
		row(paced + "nobody signs in", "p50 %.2f ms, p99 %.2f ms", percentile(sorted(calm), 50),
				percentile(sorted(calm), 99));
		row(paced + FLOODERS + " sign-ins under way all the time", "p50 %.2f ms, p99 %.2f ms; meanwhile %,.0f sign-ins/s",
				percentile(sorted(flooded), 50), percentile(sorted(flooded), 99),
				hashed.get() / (double) (number("rounds") * seconds));
	}

	private long[] underFlood(String token, int seconds, AtomicLong hashed) throws Exception {
		ExecutorService flooding = Executors.newSingleThreadExecutor();
		try {
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
			Future<long[]> flood = flooding.submit(() -> together(FLOODERS, (edge, took) -> {
				while (System.nanoTime() < end) {
					long n = this.next.getAndIncrement();
					int status = edge.status("POST", "/auth/sign-in", address(), signIn("flood-" + n, PASSWORD));
					if (status == 401) {
						hashed.incrementAndGet();
					}
					else if (status != 503) {
						throw new IllegalStateException("a flooding sign-in: " + status + " " + edge.body);
					}
					else {
						LockSupport.parkNanos(BACK_OFF);
					}
				}
			}));
			long[] took = forwarded(token, seconds);
			flood.get(60, TimeUnit.SECONDS);
			sql("DELETE FROM auth.throttle");
			sql("DELETE FROM auth.throttle_spray");
			return took;
		}
		finally {
			flooding.shutdownNow();
		}
	}

	/** From when each was due: who is late because the one before was slow counts as slow. */
	private long[] forwarded(String token, int seconds) throws Exception {
		long begin = System.nanoTime();
		AtomicLong number = new AtomicLong();
		return together(WORKERS, (edge, took) -> {
			long n = number.getAndIncrement();
			while (n < (long) seconds * PACE) {
				long due = begin + n * (1_000_000_000L / PACE);
				while (System.nanoTime() < due) {
					LockSupport.parkNanos(due - System.nanoTime());
				}
				edge.expect(200, "GET", "/api/customer/orders", "Authorization: Bearer " + token + "\r\n", "");
				took.add(System.nanoTime() - due);
				n = number.getAndIncrement();
			}
		});
	}

	private long[] together(int workers, Work work) throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(workers);
		try {
			Callable<List<Long>> one = () -> {
				List<Long> took = new ArrayList<>();
				try (Line edge = new Line(number("edge"))) {
					work.run(edge, took);
				}
				return took;
			};
			List<Long> all = new ArrayList<>();
			for (Future<List<Long>> each : pool.invokeAll(Collections.nCopies(workers, one))) {
				all.addAll(each.get());
			}
			return sorted(all);
		}
		finally {
			pool.shutdownNow();
		}
	}

	/** 116 bytes for whatever is asked, over kept connections. */
	private void serveBackend() throws IOException {
		ServerSocket server = new ServerSocket(number("backend"), 100, InetAddress.getByName("127.0.0.1"));
		byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 116\r\n\r\n" + "x".repeat(116))
			.getBytes(StandardCharsets.US_ASCII);
		daemon(() -> {
			while (true) {
				Socket socket = server.accept();
				daemon(() -> answerAll(socket, answer));
			}
		});
	}

	private static Void answerAll(Socket socket, byte[] answer) throws IOException {
		socket.setTcpNoDelay(true);
		InputStream in = new BufferedInputStream(socket.getInputStream());
		int newlines = 0;
		for (int c = in.read(); c >= 0; c = in.read()) {
			newlines = (c == '\n') ? newlines + 1 : (c == '\r') ? newlines : 0;
			if (newlines == 2) {
				socket.getOutputStream().write(answer);
				newlines = 0;
			}
		}
		socket.close();
		return null;
	}

	private static void daemon(Callable<?> work) {
		Thread thread = new Thread(() -> {
			try {
				work.call();
			}
			catch (Exception ex) {
				ex.printStackTrace();
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private String address() {
		long n = this.next.getAndIncrement();
		return "Content-Type: application/json\r\nX-Forwarded-For: 10." + n / 65536 % 256 + "." + n / 256 % 256 + "."
				+ n % 256 + "\r\n";
	}

	private static String signIn(String login, String password) {
		return "{\"login\":\"" + login + "\",\"password\":\"" + password + "\"}";
	}

	private void write() throws IOException {
		StringBuilder block = new StringBuilder();
		block.append("\n").append(LocalDate.now()).append(", commit ").append(this.given.get("commit")).append(". ");
		block.append(Runtime.getRuntime().availableProcessors())
			.append(" cores for PostgreSQL, the gateway, the stand-in, the backend and the load; JVM ")
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

	private static void add(List<Long> all, long[] more) {
		for (long each : more) {
			all.add(each);
		}
	}

	private static long[] sorted(List<Long> each) {
		return each.stream().mapToLong(Long::longValue).sorted().toArray();
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

		String expect(int expected, String method, String path, String headers, String body) throws IOException {
			int status = status(method, path, headers, body);
			if (status != expected) {
				throw new IllegalStateException(method + " " + path + ": " + status + " " + this.body);
			}
			return this.body;
		}

		int status(String method, String path, String headers, String body) throws IOException {
			String request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers
					+ (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body;
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
