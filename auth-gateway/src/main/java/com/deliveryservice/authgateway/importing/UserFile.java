package com.deliveryservice.authgateway.importing;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import reactor.core.publisher.Flux;

import com.deliveryservice.authgateway.command.CommandException;

/**
 * A CSV file of users (RFC 4180, UTF-8, with or without a byte order mark). It is read
 * twice: once as a whole before anything is done, so that one that is no such file
 * changes nothing, and once row by row. Nothing but the present row is in memory.
 *
 * @param path where it is
 * @param digest SHA-256 of its bytes, in hexadecimal
 * @param rows how many it has, without the header and empty lines
 */
record UserFile(Path path, String digest, long rows) {

	private static final int MOST_FIELDS = 16;

	private static final int LONGEST_FIELD = 4096;

	private static final int LONGEST_ROW = 16_384;

	private static final int BYTE_ORDER_MARK = '\uFEFF';

	/**
	 * Reads a file as a whole.
	 * @throws CommandException if it cannot be read or is no such file
	 */
	static UserFile open(Path path) {
		long line = 0;
		long rows = 0;
		try (Quotes quotes = new Quotes(Files.newInputStream(path));
				DigestInputStream bytes = new DigestInputStream(quotes, Sha256.start());
				CsvReader<CsvRecord> csv = csv(bytes)) {
			Iterator<CsvRecord> records = csv.iterator();
			Columns.of(records);
			while (records.hasNext()) {
				line = records.next().getStartingLineNumber();
				rows++;
			}
			bytes.transferTo(OutputStream.nullOutputStream());
			if (quotes.isOneOpen()) {
				throw CommandException.usage(path + ": a quote is not closed, in line " + line + " or before");
			}
			return new UserFile(path, HexFormat.of().formatHex(bytes.getMessageDigest().digest()), rows);
		}
		catch (CharacterCodingException | UncheckedIOException ex) {
			throw CommandException.usage(path + ": " + problemOf(ex) + ", after line " + line);
		}
		catch (IOException ex) {
			throw CommandException.usage(path + ": cannot be read (" + ex.getClass().getSimpleName() + ")");
		}
		catch (CsvParseException ex) {
			throw CommandException.usage(
					path + ": no CSV after line " + line + " (expected RFC 4180, at most 4096 characters in a field)");
		}
	}

	/**
	 * Its rows, one at a time. Reading blocks: it is to be subscribed to where that is
	 * allowed.
	 */
	Flux<Row> read() {
		return Flux.using(() -> csv(Files.newInputStream(this.path)), (csv) -> {
			Iterator<CsvRecord> records = csv.iterator();
			Columns columns = Columns.of(records);
			return Flux.fromIterable(() -> records).map(columns::row);
		}, UserFile::close);
	}

	private static CsvReader<CsvRecord> csv(InputStream bytes) throws IOException {
		Reader text = new BufferedReader(new InputStreamReader(bytes,
				StandardCharsets.UTF_8.newDecoder()
					.onMalformedInput(CodingErrorAction.REPORT)
					.onUnmappableCharacter(CodingErrorAction.REPORT)));
		text.mark(1);
		if (text.read() != BYTE_ORDER_MARK) {
			text.reset();
		}
		CsvRecordHandler handler = CsvRecordHandler
			.of((limits) -> limits.maxFields(MOST_FIELDS).maxFieldSize(LONGEST_FIELD).maxRecordSize(LONGEST_ROW));
		return CsvReader.builder()
			.skipEmptyLines(true)
			.allowExtraFields(true)
			.allowMissingFields(true)
			.build(handler, text);
	}

	private static String problemOf(Exception failure) {
		boolean coding = failure instanceof CharacterCodingException
				|| failure.getCause() instanceof CharacterCodingException;
		return coding ? "not UTF-8" : "cannot be read to its end";
	}

	private static void close(CsvReader<CsvRecord> csv) {
		try {
			csv.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Counts quotes: the reader takes the end of the file for the end of a field that is
	 * still open, and rows with it.
	 */
	private static final class Quotes extends FilterInputStream {

		private long count;

		Quotes(InputStream bytes) {
			super(bytes);
		}

		boolean isOneOpen() {
			return this.count % 2 != 0;
		}

		@Override
		public int read() throws IOException {
			int read = super.read();
			this.count += (read == '"') ? 1 : 0;
			return read;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = super.read(bytes, offset, length);
			for (int i = offset; i < offset + read; i++) {
				this.count += (bytes[i] == '"') ? 1 : 0;
			}
			return read;
		}

	}

	/**
	 * A row as it is in the file. Never prints itself.
	 *
	 * @param line where it begins, from 1
	 * @param fields in the order of {@link Columns#NAMES}; empty if there are too few or
	 * too many
	 */
	record Row(long line, List<String> fields) {

		@Override
		public String toString() {
			return "Row[" + this.line + "]";
		}

	}

	/**
	 * Which field is which: the header may name them in any order.
	 */
	private record Columns(List<Integer> positions) {

		static final List<String> NAMES = List.of("login", "email", "phone_number", "user_type", "password_hash");

		static Columns of(Iterator<CsvRecord> records) {
			List<String> header = records.hasNext() ? records.next().getFields() : List.of();
			if (header.size() != NAMES.size() || !header.containsAll(NAMES)) {
				throw CommandException
					.usage("the first line is not the header (expected " + String.join(",", NAMES) + ")");
			}
			return new Columns(NAMES.stream().map(header::indexOf).toList());
		}

		Row row(CsvRecord record) {
			List<String> fields = record.getFields();
			return new Row(record.getStartingLineNumber(),
					(fields.size() == NAMES.size()) ? this.positions.stream().map(fields::get).toList() : List.of());
		}

	}

}
