import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * Turns what the catalogue has seen of both gateways into the block between the markers
 * of docs/benchmarks.md, and prints it.
 * <p>
 * Usage: {@code java ProofReport.java OURS.tsv PEER.tsv PEER_VERSION COMMIT DOCUMENT}
 */
class ProofReport {

	private static final String BEGIN = "<!-- proof:begin (written by auth-gateway/benchmark/proof) -->\n";

	private static final String END = "<!-- proof:end -->\n";

	public static void main(String[] args) throws IOException {
		List<String[]> ours = read(args[0]);
		List<String[]> peers = read(args[1]);
		StringBuilder block = new StringBuilder();
		block.append("%s, commit %s, Spring Cloud Gateway %s.%n%n".formatted(LocalDate.now(), args[3], args[2]));
		block.append("As expected: auth-gateway %d of %d cases, Spring Cloud Gateway %d of %d.%n%n".formatted(passed(ours),
				ours.size(), passed(peers), peers.size()));
		block.append("| case | what | expected | auth-gateway | Spring Cloud Gateway |\n| --- | --- | --- | --- | --- |\n");
		for (int i = 0; i < ours.size(); i++) {
			String[] one = ours.get(i);
			String[] peer = peers.get(i);
			if (!one[0].equals(peer[0]) || !one[1].equals(peer[1])) {
				throw new IOException("two different catalogues: " + one[1] + " and " + peer[1]);
			}
			block.append("| %s | %s | %s | %s | %s |\n".formatted(one[0], one[1], one[2], seen(one), seen(peer)));
		}
		System.out.println(block);
		write(Path.of(args[4]), block.toString());
	}

	private static List<String[]> read(String file) throws IOException {
		return Files.readAllLines(Path.of(file)).stream().map((line) -> line.split("\t", -1)).toList();
	}

	private static long passed(List<String[]> lines) {
		return lines.stream().filter((line) -> line[3].equals("true")).count();
	}

	/** What a table would take for its own is escaped. */
	private static String seen(String[] line) {
		String text = line[4].replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
		return line[3].equals("true") ? text : "**fails:** " + text;
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

}
