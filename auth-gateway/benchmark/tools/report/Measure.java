/**
 * One measure: a line of {@code results.tsv}.
 *
 * @param part of the benchmark
 * @param rate requests, events or messages per second
 * @param p50 milliseconds
 * @param p99 milliseconds
 * @param cpu microseconds of the target's processes for each
 * @param others the share of the machine that went to processes outside the benchmark
 */
record Measure(String part, int round, String target, double rate, double p50, double p99, double cpu,
		double others) {

	static Measure parse(String line) {
		String[] fields = line.split("\t");
		return new Measure(fields[0], Integer.parseInt(fields[1]), fields[2], Double.parseDouble(fields[3]),
				Double.parseDouble(fields[4]) / 1000, Double.parseDouble(fields[5]) / 1000,
				Double.parseDouble(fields[6]), Double.parseDouble(fields[7]));
	}

}
