package com.deliveryservice.authgateway.audit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * The audit trail over a migrated database, without a Spring context: for this package's
 * tests, and for those of everybody who tells it events.
 */
public final class AuditFixture {

	static final Duration WAIT = Duration.ofSeconds(10);

	final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	final Notes notes;

	final NoteWriter writer;

	private final AuditTrail trail;

	private final TestDatabase rows;

	public AuditFixture(MigratedDatabase database) {
		this(database.raw(), database.database(), 10_000);
	}

	AuditFixture(TestDatabase rows, Database database, int capacity) {
		this(rows, database, capacity, (event) -> new EventSeal.Mark("0000000000000000", "00"));
	}

	/**
	 * A trail whose events are sealed.
	 */
	public AuditFixture(MigratedDatabase database, EventSeal seal) {
		this(database.raw(), database.database(), 10_000, seal);
	}

	private AuditFixture(TestDatabase rows, Database database, int capacity, EventSeal seal) {
		this.rows = rows;
		this.notes = new Notes(Clock.systemUTC(), this.meters, new NoteQueue(capacity));
		EventStore store = new EventStore(seal);
		this.writer = new NoteWriter(database, store, this.notes);
		this.trail = new StoredAuditTrail(this.notes, store);
	}

	/**
	 * A trail for code under test that does not care what is recorded.
	 */
	public static AuditTrail trailOver(TestDatabase rows, Database database) {
		return new AuditFixture(rows, database, 10_000).trail();
	}

	public AuditTrail trail() {
		return this.trail;
	}

	/**
	 * Brings what was noted to the table.
	 */
	public void flush() {
		this.writer.flush().block(WAIT);
	}

	/**
	 * The types of all recorded events, the oldest first.
	 */
	public List<String> types() {
		return column("SELECT type FROM auth.audit_event ORDER BY at, type");
	}

	/**
	 * The first column, as text.
	 */
	public List<String> column(String sql) {
		try (Connection connection = this.rows.open();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<String> values = new ArrayList<>();
			while (result.next()) {
				values.add(result.getString(1));
			}
			return values;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

}
