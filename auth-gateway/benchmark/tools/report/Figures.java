import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One figure of several rounds.
 *
 * @param rounds sorted
 */
record Figures(List<Double> rounds) {

	static Figures of(Collection<Measure> measures, ToDoubleFunction<Measure> value) {
		return new Figures(measures.stream().mapToDouble(value).sorted().boxed().toList());
	}

	boolean isEmpty() {
		return this.rounds.isEmpty();
	}

	double median() {
		int middle = this.rounds.size() / 2;
		return (this.rounds.size() % 2 == 1) ? this.rounds.get(middle)
				: (this.rounds.get(middle - 1) + this.rounds.get(middle)) / 2;
	}

	String text() {
		return isEmpty() ? "" : number("%.2f", median());
	}

	double highest() {
		return this.rounds.get(this.rounds.size() - 1);
	}

	String range() {
		return number("%.2f to %.2f", this.rounds.get(0), highest());
	}

	static String number(String format, Object... values) {
		return String.format(Locale.ROOT, format, values);
	}

}
