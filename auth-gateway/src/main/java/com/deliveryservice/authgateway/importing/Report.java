package com.deliveryservice.authgateway.importing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import de.siegmar.fastcsv.writer.CsvWriter;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.command.CommandException;

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
	 * @throws CommandException if it is the file with the users, or cannot be one of ours
	 */
	Report(Path path, Path users) {
		this.path = path;
		try {
			requireOwn(path, users);
			Files.deleteIfExists(path);
		}
		catch (IOException ex) {
			throw unusable(path, "cannot be written (" + ex.getClass().getSimpleName() + ")");
		}
	}

	/**
	 * Before the first row: a report that cannot be written is found out when nothing is
	 * done yet, and nothing is deleted that was no report.
	 */
	private static void requireOwn(Path path, Path users) throws IOException {
		if (Files.exists(path)) {
			if (Files.isSameFile(path, users)) {
				throw unusable(path, "is the file with the users");
			}
			if (!Files.isRegularFile(path)) {
				throw unusable(path, "is no regular file");
			}
		}
		Path directory = path.toAbsolutePath().getParent();
		if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
			throw unusable(path, "cannot be written (expected a directory that can be written to)");
		}
	}

	private static CommandException unusable(Path path, String problem) {
		return CommandException.usage("--report: " + path + " " + problem);
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
