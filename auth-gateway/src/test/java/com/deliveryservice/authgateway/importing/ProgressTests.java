package com.deliveryservice.authgateway.importing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.command.Terminal;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressTests {

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private long nanos;

	@Test
	void whereNobodyLooksThereIsALineEveryTenSeconds() {
		Progress progress = progress(false);
		after(progress, 9, 200, 0);
		assertThat(this.bytes.size()).isZero();
		after(progress, 1, 300, 2);
		after(progress, 1, 100, 0);
		assertThat(text()).isEqualToNormalizingNewlines("50 %, 500 of 1,000, 2 refused, 50/s, 10 s left\n");
		assertThat(progress.summary()).isEqualTo("600 rows: 598 imported, 0 were there already, 2 refused");
	}

	@Test
	void onATerminalThereIsABar() {
		Progress progress = progress(true);
		after(progress, 2, 250, 1);
		assertThat(text()).contains("[#####...............] 25 %, 250 of 1,000, 1 refused, 125/s, 6 s left");
		after(progress, 2, 750, 0);
		assertThat(text()).contains("\r", "[####################] 100 %, 1,000 of 1,000");
	}

	private void after(Progress progress, int seconds, int rows, int refused) {
		this.nanos += Duration.ofSeconds(seconds).toNanos();
		progress.count(rows, new Outcomes(rows - refused, 0, List.of()));
	}

	private Progress progress(boolean interactive) {
		PrintStream stream = new PrintStream(this.bytes, true, StandardCharsets.UTF_8);
		return new Progress(new Terminal(stream, stream, interactive), 1000, () -> this.nanos);
	}

	private String text() {
		return this.bytes.toString(StandardCharsets.UTF_8);
	}

}
