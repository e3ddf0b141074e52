import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints where event loops spend their time: self time by frame, out of the collapsed
 * stacks of async-profiler. What the kernel does counts for the function that called it.
 * <p>
 * Usage: {@code java -cp CLASSES Profile COLLAPSED}
 */
class Profile {

	private static final int ROWS = 30;

	private final Map<String, Long> self = new HashMap<>();

	private long all;

	private long loops;

	public static void main(String[] args) throws IOException {
		Profile profile = new Profile();
		Files.readAllLines(Path.of(args[0])).forEach(profile::add);
		profile.print();
	}

	private void add(String line) {
		int blank = line.lastIndexOf(' ');
		long samples = Long.parseLong(line.substring(blank + 1));
		List<String> frames = List.of(line.substring(0, blank).split(";"));
		this.all += samples;
		if (frames.get(0).startsWith("[reactor-http-")) {
			this.loops += samples;
			this.self.merge(leaf(frames), samples, Long::sum);
		}
	}

	private static String leaf(List<String> frames) {
		int last = frames.size() - 1;
		boolean kernel = false;
		while (last > 0 && frames.get(last).endsWith("_[k]")) {
			kernel = true;
			last--;
		}
		String frame = frames.get(last).replaceAll("_\\[[a-z0-9]+]$", "").replace('/', '.');
		int method = frame.lastIndexOf('.');
		String name = (method < 0) ? frame : frame.substring(frame.lastIndexOf('.', method - 1) + 1);
		return kernel ? name + " (in the kernel)" : name;
	}

	private void print() {
		System.out.println("| self time | frame |");
		System.out.println("| ---: | --- |");
		this.self.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
			.limit(ROWS)
			.forEach((entry) -> System.out
				.println(Figures.number("| %.1f %% | `%s` |", 100.0 * entry.getValue() / this.loops, entry.getKey())));
		System.out.println(Figures.number("%n%d samples on the event loops, %.0f %% of all.", this.loops,
				100.0 * this.loops / this.all));
	}

}
