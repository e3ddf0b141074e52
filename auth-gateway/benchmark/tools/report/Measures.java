import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * All measures of a run.
 *
 * @param all in the order in which they were taken
 */
record Measures(List<Measure> all) {

	static final String OURS = "gateway";

	static Measures read(Path file) throws IOException {
		return new Measures(Files.exists(file) ? Files.readAllLines(file).stream().map(Measure::parse).toList() : List.of());
	}

	boolean has(String part) {
		return this.all.stream().anyMatch((measure) -> measure.part().equals(part));
	}

	/**
	 * By round.
	 */
	Map<Integer, Measure> of(String part, String target) {
		Map<Integer, Measure> rounds = new TreeMap<>();
		this.all.stream()
			.filter((measure) -> measure.part().equals(part) && measure.target().equals(target))
			.forEach((measure) -> rounds.put(measure.round(), measure));
		return rounds;
	}

	Figures figures(String part, String target, ToDoubleFunction<Measure> value) {
		Collection<Measure> rounds = of(part, target).values();
		return Figures.of(rounds, value);
	}

	/**
	 * Ours divided by the target's, in each round by itself: what slows the machine for a
	 * while slows both.
	 */
	Figures ratio(String part, String target, ToDoubleFunction<Measure> value) {
		List<Double> ratios = new ArrayList<>();
		Map<Integer, Measure> ours = of(part, OURS);
		of(part, target).forEach((round, theirs) -> {
			if (ours.containsKey(round)) {
				ratios.add(value.applyAsDouble(ours.get(round)) / value.applyAsDouble(theirs));
			}
		});
		return new Figures(ratios.stream().sorted().toList());
	}

	Figures others() {
		return Figures.of(this.all, Measure::others);
	}

}
