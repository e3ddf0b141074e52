package com.deliveryservice.authgateway.importing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import de.siegmar.fastcsv.writer.CsvWriter;
import org.jspecify.annotations.Nullable;

/**
 * The file of refused rows: {@code line,field,reason}. It is there only if one was
 * refused, and complete to the row that was done last.
 */
final class Report implements AutoCloseable {

	private final Path path;

	private @Nullable CsvWriter csv;

	/**
	 * Begins anew: what an earlier run left is deleted, since all rows are looked at
	 * again.
	 */
	Report(Path path) {
		this.path = path;
		try {
			Files.deleteIfExists(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path path() {
		return this.path;
	}

	void add(List<Refusal> refusals) {
		if (refusals.isEmpty()) {
			return;
		}
		try {
			CsvWriter writer = opened();
			refusals.forEach(
					(refusal) -> writer.writeRecord(Long.toString(refusal.line()), refusal.field(), refusal.reason()));
			writer.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			if (this.csv != null) {
				this.csv.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private CsvWriter opened() throws IOException {
		CsvWriter writer = this.csv;
		if (writer == null) {
			writer = CsvWriter.builder().build(this.path);
			writer.writeRecord("line", "field", "reason");
			this.csv = writer;
		}
		return writer;
	}

}
