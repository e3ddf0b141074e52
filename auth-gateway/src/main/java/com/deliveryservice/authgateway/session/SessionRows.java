package com.deliveryservice.authgateway.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import io.r2dbc.spi.Readable;

/**
 * Reads rows of {@code auth.session}.
 */
final class SessionRows {

	/** What {@link #session} needs of a row called {@code s}. */
	static final String COLUMNS = "s.id, s.user_id, s.user_type, s.device_name, s.ip, s.created_at, s.last_seen_at, "
			+ "s.idle_expires_at, s.expires_at, "
			+ "(extract(epoch FROM s.idle_expires_at - now()) * 1000)::bigint AS usable_ms";

	/** Whether a session called {@code s} goes on. */
	static final String LIVE = "s.ended_at IS NULL AND s.idle_expires_at > now() AND s.expires_at > now()";

	private SessionRows() {
	}

	static Session session(Readable row) {
		return new Session(column(row, "id", UUID.class), column(row, "user_id", UUID.class),
				column(row, "user_type", String.class), row.get("device_name", String.class),
				column(row, "ip", String.class), column(row, "created_at", Instant.class),
				column(row, "last_seen_at", Instant.class), column(row, "idle_expires_at", Instant.class),
				column(row, "expires_at", Instant.class));
	}

	static OpenSession openSession(Readable row, RefreshToken token) {
		return new OpenSession(session(row), token, Duration.ofMillis(column(row, "usable_ms", Long.class)));
	}

	static <T> T column(Readable row, String name, Class<T> type) {
		return Objects.requireNonNull(row.get(name, type), name);
	}

}
