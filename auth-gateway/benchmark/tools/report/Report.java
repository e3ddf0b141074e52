import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Turns {@code results.tsv}, {@code memory.tsv} and {@code facts.properties} into the
 * block between the markers of docs/benchmarks.md, or of a copy, and prints it. The
 * document is replaced as a whole or not at all.
 * <p>
 * Usage: {@code java -cp CLASSES Report WORK_FOLDER DOCUMENT}
 */
class Report {

	private static final String BEGIN = "<!-- benchmark:begin (written by auth-gateway/benchmark/run) -->\n";

	private static final String END = "<!-- benchmark:end -->\n";

	private static final Map<String, String> TITLES = new LinkedHashMap<>();
	static {
		TITLES.put(Measures.OURS, "**auth-gateway** | ES256");
		TITLES.put("before", "auth-gateway, the earlier build | ES256");
		TITLES.put("scg", "Spring Cloud Gateway + resource server | RS256");
		TITLES.put("haproxy-es256", "HAProxy `jwt_verify` | ES256, the same tokens");
		TITLES.put("haproxy-rs256", "HAProxy `jwt_verify` | RS256");
		TITLES.put("nginx", "nginx as a bare proxy | not looked at");
		TITLES.put("backend", "the backend itself (nginx), no proxy | not looked at");
	}

	private static final Map<String, String> PARTS = new LinkedHashMap<>();
	static {
		PARTS.put("small", "GET, answers of 116 bytes|request");
		PARTS.put("post", "POST, bodies of 1 KiB|request");
		PARTS.put("get64k", "GET, answers of 64 KiB|request");
		PARTS.put("sse", "Events to %s streams|event");
		PARTS.put("websocket", "Echo over %s WebSockets, messages of 100 bytes|message");
	}

	private final Measures measures;

	private final List<String> memory;

	private final Properties facts;

	Report(Measures measures, List<String> memory, Properties facts) {
		this.measures = measures;
		this.memory = memory;
		this.facts = facts;
	}

	public static void main(String[] args) throws IOException {
		Path work = Path.of(args[0]);
		Properties facts = new Properties();
		try (Reader reader = Files.newBufferedReader(work.resolve("facts.properties"))) {
			facts.load(reader);
		}
		Path memory = work.resolve("memory.tsv");
		Report report = new Report(Measures.read(work.resolve("results.tsv")),
				Files.exists(memory) ? Files.readAllLines(memory) : List.of(), facts);
		String block = report.block();
		System.out.println(block);
		write(Path.of(args[1]), block);
	}

	private static void write(Path document, String block) throws IOException {
		String text = Files.readString(document);
		int begin = text.indexOf(BEGIN);
		int end = text.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IOException(document + " has lost its markers: " + BEGIN + END);
		}
		Path next = document.resolveSibling(document.getFileName() + ".next");
		Files.writeString(next, text.substring(0, begin + BEGIN.length()) + "\n" + block + "\n" + text.substring(end));
		Files.move(next, document, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		System.err.println("written to " + document);
	}

	private String block() {
		StringBuilder block = new StringBuilder();
		facts(block);
		PARTS.forEach((part, title) -> {
			if (this.measures.has(part)) {
				part(block, part, title.formatted(fact("streams")).split("\\|"));
			}
			if (part.equals("small")) {
				verdict(block);
			}
		});
		if (!this.memory.isEmpty()) {
			memory(block);
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
		block.append("%s s per measure (5 at most but for the small GET), requests over %s connections, %s distinct tokens that live 60 minutes.\n"
			.formatted(fact("duration"), fact("connections"), fact("tokens")));
		Figures others = this.measures.others();
		if (!others.isEmpty()) {
			block.append(Figures.number(
					"Processes that are not part of this used %.0f %% of the machine (median), %.0f %% at most.%s\n",
					100 * others.median(), 100 * others.highest(),
					isQuiet() ? "" : " **Too much for figures to be trusted. Repeat it.**"));
		}
	}

	private boolean isQuiet() {
		return this.measures.others().median() <= 0.05;
	}

	private boolean isTrusted() {
		return "full".equals(fact("kind")) && fact("cold").isEmpty() && isQuiet();
	}

	private String fact(String name) {
		return this.facts.getProperty(name, "?");
	}

	/**
	 * One table.
	 * @param title of it, and of what is counted
	 */
	private void part(StringBuilder block, String part, String[] title) {
		int rounds = this.measures.all().stream().filter((m) -> m.part().equals(part)).mapToInt(Measure::round).max().orElse(0);
		block.append("\n**").append(title[0]).append("**, ").append(rounds).append(" rounds\n\n");
		block.append("| what | tokens | %ss/s | p50 ms | p99 ms | CPU µs per %s | ours ÷ this: %ss/s | ours ÷ this: CPU |\n"
			.formatted(title[1], title[1], title[1]));
		block.append("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
		TITLES.forEach((target, name) -> {
			if (!this.measures.of(part, target).isEmpty()) {
				row(block, part, target, name);
			}
		});
	}

	private void row(StringBuilder block, String part, String target, String title) {
		block.append(Figures.number("| %s | %,.0f | %.2f | %.2f | %.1f | %s | %s |\n", title,
				this.measures.figures(part, target, Measure::rate).median(),
				this.measures.figures(part, target, Measure::p50).median(),
				this.measures.figures(part, target, Measure::p99).median(),
				this.measures.figures(part, target, Measure::cpu).median(),
				this.measures.ratio(part, target, Measure::rate).text(),
				this.measures.ratio(part, target, Measure::cpu).text()));
	}

	private void verdict(StringBuilder block) {
		Figures scg = this.measures.ratio("small", "scg", Measure::rate);
		Figures same = this.measures.ratio("small", "haproxy-es256", Measure::cpu);
		Figures other = this.measures.ratio("small", "haproxy-rs256", Measure::cpu);
		if (scg.isEmpty() && same.isEmpty() && other.isEmpty()) {
			return;
		}
		block.append("\n| bar for the small GET | asked | measured (lowest to highest round) | |\n| --- | --- | --- | --- |\n");
		bar(block, "requests/s against Spring Cloud Gateway", "at least 4.5×", scg, 4.5, true);
		bar(block, "CPU per request against HAProxy, the same tokens", "at most 0.75×", same, 0.75, false);
		bar(block, "CPU per request against HAProxy, RS256", "at most 1.1×", other, 1.1, false);
	}

	private void bar(StringBuilder block, String name, String asked, Figures ratio, double limit, boolean atLeast) {
		if (ratio.isEmpty()) {
			return;
		}
		boolean met = atLeast ? ratio.median() >= limit : ratio.median() <= limit;
		block.append(Figures.number("| %s | %s | %s× (%s) | %s |\n", name, asked, ratio.text(), ratio.range(),
				!isTrusted() ? "not judged" : met ? "met" : "**MISSED**"));
	}

	private void memory(StringBuilder block) {
		block.append("\n**Memory per idle connection**, in KiB\n\n");
		block.append("| what | idle | connections | resident | heap | direct buffers |\n");
		block.append("| --- | --- | ---: | ---: | ---: | ---: |\n");
		for (String line : this.memory) {
			String[] fields = line.split("\t");
			block.append("| %s | %s | %s | %s | %s | %s |\n".formatted(TITLES.get(fields[0]).split(" \\| ")[0],
					fields[1].equals("keep-alive") ? "keep-alive connection" : "WebSocket, both sides", fields[2],
					kib(fields[3]), kib(fields[4]), kib(fields[5])));
		}
	}

	private static String kib(String bytes) {
		return bytes.equals("-") ? "" : Figures.number("%.1f", Long.parseLong(bytes) / 1024.0);
	}

}
