package com.deliveryservice.authgateway.chain;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.chain.Verification.Report;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.KeySettings;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * A replica as far as the chain is concerned, over a database that others may share.
 */
final class ChainFixture implements AutoCloseable {

	static final Duration WAIT = Duration.ofSeconds(30);

	final MigratedDatabase database;

	final TrailKeys keys;

	final AuditFixture audit;

	final ChainMeters meters;

	final Appending appending;

	final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	ChainFixture() {
		this(MigratedDatabase.create(), 1, null);
	}

	private ChainFixture(MigratedDatabase database, int key, @Nullable Integer previous) {
		this.database = database;
		this.keys = new TrailKeys(new DerivedKeys(new KeySettings(secret(key),
				(previous != null) ? secret(previous) : null, Duration.ofDays(30), Duration.ofHours(1))));
		this.audit = new AuditFixture(database, this.keys);
		this.meters = new ChainMeters(this.registry);
		this.appending = new Appending(this.keys, this.audit.trail(), this.meters);
	}

	/**
	 * Another replica, or this one after a change of its encryption key.
	 */
	ChainFixture withKey(int key, @Nullable Integer previous) {
		return new ChainFixture(MigratedDatabase.over(this.database.raw()), key, previous);
	}

	ChainLeader leader() {
		return new ChainLeader(this.database.database(), this.appending, retention(Duration.ZERO), this.meters,
				new AuditSettings(Duration.ofDays(400), null), Clock.systemUTC());
	}

	Retention retention(Duration later) {
		return new Retention(this.keys, this.audit.trail(), new AuditSettings(Duration.ofDays(1), null),
				Clock.offset(Clock.systemUTC(), later), this.meters);
	}

	/**
	 * Records events that have no place yet.
	 */
	ChainFixture record(int count) {
		for (int i = 0; i < count; i++) {
			this.audit.trail()
				.note(SecurityEvent.of(EventType.SIGN_IN_FAILED).on("Pixel 9").with("number", i))
				.block(WAIT);
		}
		this.audit.flush();
		return this;
	}

	/**
	 * Gives all their places, as a leader does.
	 */
	Head chain() {
		return Objects
			.requireNonNull(
					this.database.database()
						.alone(WAIT, (own) -> this.appending.begin(own, "")
							.thenMany(this.appending.append(own).repeat().takeUntil((added) -> added.count() == 0)))
						.map(Appending.Added::after)
						.blockLast(WAIT));
	}

	/**
	 * Cuts everything that is due so much later.
	 */
	void cut(Duration later) {
		Retention retention = retention(later);
		this.database.database()
			.alone(WAIT, (own) -> retention.cut(own).repeat().takeUntil((deleted) -> deleted == 0))
			.blockLast(WAIT);
	}

	/**
	 * What a verification finds.
	 */
	List<String> findings(String... heads) {
		Findings findings = new Findings();
		verify(findings, heads);
		return findings.first();
	}

	Report verify(Findings findings, String... heads) {
		ExpectedHeads expected = new ExpectedHeads(findings);
		List.of(heads).forEach(expected::add);
		return Objects.requireNonNull(this.database.database()
			.alone(WAIT, (own) -> new Verification(own, this.keys, expected, findings, (number) -> {
			}).run())
			.blockLast(WAIT));
	}

	/**
	 * Runs SQL as somebody who owns the database: no trigger stands in the way.
	 */
	void tamper(String sql) {
		try (Connection connection = this.database.raw().open(); Statement statement = connection.createStatement()) {
			statement.execute("SET session_replication_role = replica");
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	String value(String sql) {
		return String.join(" ", this.audit.column(sql));
	}

	@Override
	public void close() {
		this.database.close();
	}

	private static String secret(int number) {
		byte[] key = new byte[32];
		key[0] = (byte) number;
		return Base64.getEncoder().encodeToString(key);
	}

}
