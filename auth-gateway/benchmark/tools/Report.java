import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Turns {@code results.tsv} and {@code facts.properties} into the block between the
 * markers of docs/benchmarks.md, and prints it. A run with some targets only is printed
 * and not kept.
 * <p>
 * Usage: {@code java Report.java WORK_FOLDER DOCUMENT}
 */
class Report {

	private static final String BEGIN = "<!-- benchmark:begin (written by auth-gateway/benchmark/run) -->\n";

	private static final String END = "<!-- benchmark:end -->\n";

	private static final String OURS = "gateway";

	private static final Map<String, String> TITLES = new LinkedHashMap<>();
	static {
		TITLES.put(OURS, "**auth-gateway** | ES256");
		TITLES.put("scg", "Spring Cloud Gateway + resource server | RS256");
		TITLES.put("haproxy-es256", "HAProxy `jwt_verify` | ES256, the same tokens");
		TITLES.put("haproxy-rs256", "HAProxy `jwt_verify` | RS256");
		TITLES.put("nginx", "nginx as a bare proxy | not looked at");
		TITLES.put("backend", "the backend itself (nginx), no proxy | not looked at");
	}

	private final Map<String, Map<Integer, Measure>> measures;

	private final Properties facts;

	Report(Map<String, Map<Integer, Measure>> measures, Properties facts) {
		this.measures = measures;
		this.facts = facts;
	}

	public static void main(String[] args) throws IOException {
		Path work = Path.of(args[0]);
		Properties facts = new Properties();
		try (Reader reader = Files.newBufferedReader(work.resolve("facts.properties"))) {
			facts.load(reader);
		}
		Map<String, Map<Integer, Measure>> measures = new LinkedHashMap<>();
		for (String line : Files.readAllLines(work.resolve("results.tsv"))) {
			Measure measure = Measure.parse(line);
			measures.computeIfAbsent(measure.target(), (target) -> new TreeMap<>()).put(measure.round(), measure);
		}
		String block = new Report(measures, facts).block();
		System.out.println(block);
		if (measures.keySet().containsAll(TITLES.keySet())) {
			write(Path.of(args[1]), block);
		}
	}

	private static void write(Path document, String block) throws IOException {
		String text = Files.readString(document);
		int begin = text.indexOf(BEGIN);
		int end = text.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IOException(document + " has lost its markers: " + BEGIN + END);
		}
		Files.writeString(document, text.substring(0, begin + BEGIN.length()) + "\n" + block + "\n" + text.substring(end));
		System.err.println("written to " + document);
	}

	private String block() {
		StringBuilder block = new StringBuilder();
		facts(block);
		block.append("\n| what | tokens | requests/s | p50 ms | p99 ms | CPU µs per request | ours ÷ this: requests/s | ours ÷ this: CPU |\n");
		block.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
		TITLES.forEach((target, title) -> {
			if (this.measures.containsKey(target)) {
				row(block, target, title);
			}
		});
		if (this.measures.containsKey(OURS)) {
			verdict(block);
		}
		return block.toString();
	}

	private void facts(StringBuilder block) {
		if (!"full".equals(fact("kind"))) {
			block.append("**A ").append(fact("kind")).append(" run: not for figures.**\n\n");
		}
		if (!fact("cold").isEmpty()) {
			block.append("**Not warm in time, so measured too slow: ").append(fact("cold")).append(". Repeat it.**\n\n");
		}
		block.append("%s, commit %s. %s cores of %s, %s, %s.\n".formatted(LocalDate.now(), fact("commit"), fact("cores"),
				fact("cpu"), fact("memory"), fact("system")));
		block.append("JVM of both gateways: %s, `%s`.\n".formatted(fact("java"), fact("flags")));
		block.append("Spring Cloud Gateway %s, Netty %s in both, HAProxy %s, nginx %s, wrk %s.\n".formatted(fact("scg"),
				fact("netty"), fact("haproxy"), fact("nginx"), fact("wrk")));
		block.append("%s rounds of %s s, %s connections, %s distinct tokens that live 60 minutes, answers of 116 bytes.\n"
			.formatted(fact("rounds"), fact("duration"), fact("connections"), fact("tokens")));
		block.append(number("Processes that are not part of this used %.0f %% of the machine (median), %.0f %% at most.%s\n",
				100 * others().median(), 100 * others().highest(),
				isQuiet() ? "" : " **Too much for figures to be trusted. Repeat it.**"));
	}

	private Figures others() {
		return new Figures(this.measures.values()
			.stream()
			.flatMap((rounds) -> rounds.values().stream())
			.map(Measure::others)
			.sorted()
			.toList());
	}

	private boolean isQuiet() {
		return others().median() <= 0.05;
	}

	private boolean isTrusted() {
		return "full".equals(fact("kind")) && fact("cold").isEmpty() && isQuiet();
	}

	private String fact(String name) {
		return this.facts.getProperty(name, "?");
	}

	private void row(StringBuilder block, String target, String title) {
		Collection<Measure> all = this.measures.get(target).values();
		block.append(number("| %s | %,.0f | %.2f | %.2f | %.1f | %s | %s |\n", title, median(all, Measure::rate),
				median(all, Measure::p50), median(all, Measure::p99), median(all, Measure::cpu),
				ratio(target, Measure::rate).text(), ratio(target, Measure::cpu).text()));
	}

	private void verdict(StringBuilder block) {
		block.append("\n| bar | asked | measured (lowest to highest round) | |\n| --- | --- | --- | --- |\n");
		bar(block, "requests/s against Spring Cloud Gateway", "at least 4×", ratio("scg", Measure::rate), 4, true);
		bar(block, "CPU per request against HAProxy, the same tokens", "at most 0.85×",
				ratio("haproxy-es256", Measure::cpu), 0.85, false);
		bar(block, "CPU per request against HAProxy, RS256", "at most 1.25×", ratio("haproxy-rs256", Measure::cpu), 1.25,
				false);
	}

	private void bar(StringBuilder block, String name, String asked, Figures ratio, double limit, boolean atLeast) {
		if (ratio.rounds().isEmpty()) {
			return;
		}
		boolean met = atLeast ? ratio.median() >= limit : ratio.median() <= limit;
		block.append(number("| %s | %s | %s× (%s) | %s |\n", name, asked, ratio.text(), ratio.range(),
				!isTrusted() ? "not judged" : met ? "met" : "**MISSED**"));
	}

	/**
	 * Ours divided by the target's, in each round by itself: what slows the machine for a
	 * while slows both.
	 */
	private Figures ratio(String target, ToDoubleFunction<Measure> value) {
		List<Double> ratios = new ArrayList<>();
		Map<Integer, Measure> ours = this.measures.getOrDefault(OURS, Map.of());
		this.measures.getOrDefault(target, Map.of()).forEach((round, theirs) -> {
			if (ours.containsKey(round)) {
				ratios.add(value.applyAsDouble(ours.get(round)) / value.applyAsDouble(theirs));
			}
		});
		return new Figures(ratios.stream().sorted().toList());
	}

	private static double median(Collection<Measure> measures, ToDoubleFunction<Measure> value) {
		return new Figures(measures.stream().mapToDouble(value).sorted().boxed().toList()).median();
	}

	private static String number(String format, Object... values) {
		return String.format(Locale.ROOT, format, values);
	}

	/**
	 * @param rounds one figure per round, sorted
	 */
	private record Figures(List<Double> rounds) {

		double median() {
			int middle = this.rounds.size() / 2;
			return (this.rounds.size() % 2 == 1) ? this.rounds.get(middle)
					: (this.rounds.get(middle - 1) + this.rounds.get(middle)) / 2;
		}

		String text() {
			return this.rounds.isEmpty() ? "" : number("%.2f", median());
		}

		double highest() {
			return this.rounds.get(this.rounds.size() - 1);
		}

		String range() {
			return number("%.2f to %.2f", this.rounds.get(0), highest());
		}

	}

	/**
	 * One measure.
	 *
	 * @param rate requests per second
	 * @param p50 milliseconds
	 * @param p99 milliseconds
	 * @param cpu microseconds of the proxy's processes per request
	 * @param others the share of the machine that went to processes outside the benchmark
	 */
	private record Measure(int round, String target, double rate, double p50, double p99, double cpu, double others) {

		static Measure parse(String line) {
			String[] fields = line.split("\t");
			return new Measure(Integer.parseInt(fields[0]), fields[1], Double.parseDouble(fields[2]),
					Double.parseDouble(fields[3]) / 1000, Double.parseDouble(fields[4]) / 1000,
					Double.parseDouble(fields[5]), Double.parseDouble(fields[6]));
		}

	}

}
