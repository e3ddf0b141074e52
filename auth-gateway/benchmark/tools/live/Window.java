import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What is counted between two moments: latencies, and the CPU time of one process.
 */
class Window {

	private static final double TICKS = 100;

	private final Path stat;

	private final long from;

	private final long to;

	private long[] latencies = new long[1 << 16];

	private int count;

	private long begunAt;

	private long cpuAtBegin;

	private long last;

	private long cpu;

	/**
	 * A window.
	 * @param pid whose CPU time counts
	 * @param warmUp seconds until it begins
	 * @param seconds its length
	 */
	Window(long pid, long warmUp, long seconds) {
		this.stat = Path.of("/proc/" + pid + "/stat");
		this.from = System.nanoTime() + warmUp * 1_000_000_000L;
		this.to = this.from + seconds * 1_000_000_000L;
	}

	/**
	 * Takes note of the time.
	 * @return whether it is over
	 */
	boolean isOver(long now) {
		if (this.begunAt == 0 && now >= this.from) {
			this.begunAt = now;
			this.cpuAtBegin = ticks();
		}
		if (this.last == 0 && now >= this.to) {
			this.last = now;
			this.cpu = ticks() - this.cpuAtBegin;
		}
		return this.last != 0;
	}

	void add(long latency) {
		if (this.begunAt == 0 || this.last != 0) {
			return;
		}
		if (this.count == this.latencies.length) {
			this.latencies = Arrays.copyOf(this.latencies, 2 * this.count);
		}
		this.latencies[this.count++] = latency;
	}

	/**
	 * One line for {@code run}: how many a second, p50 and p99 in microseconds,
	 * microseconds of CPU for each.
	 */
	String result() {
		if (this.count == 0) {
			throw new IllegalStateException("nothing came");
		}
		Arrays.sort(this.latencies, 0, this.count);
		return "RESULT %.1f %.1f %.1f %.3f".formatted(this.count / ((this.last - this.begunAt) / 1e9),
				this.latencies[this.count / 2] / 1e3, this.latencies[(int) (this.count * 0.99)] / 1e3,
				this.cpu / TICKS * 1e6 / this.count);
	}

	/** User and system time, in hundredths of a second (proc(5)). */
	private long ticks() {
		try {
			String text = Files.readString(this.stat);
			String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
			return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
		}
		catch (IOException ex) {
			throw new IllegalStateException("the process has ended", ex);
		}
	}

}
