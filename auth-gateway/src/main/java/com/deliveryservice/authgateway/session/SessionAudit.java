package com.deliveryservice.authgateway.session;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.AuditTrail;
import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tells the audit trail of sessions, in the transaction that opens or ends them.
 */
@Component
class SessionAudit {

	private final AuditTrail trail;

	SessionAudit(AuditTrail trail) {
		this.trail = trail;
	}

	Mono<Void> opened(DatabaseClient client, OpenSession open) {
		Session session = open.session();
		return this.trail.append(client,
				SecurityEvent.of(EventType.SIGN_IN)
					.by(session.userId())
					.about(session.userId())
					.in(session.id())
					.on(session.deviceName())
					.with("user_type", session.userType()));
	}

	/**
	 * The successor of a used token was given again: every such hand-out is told.
	 */
	Mono<Void> repeated(Session session) {
		return this.trail.note(SecurityEvent.of(EventType.REFRESH_REPEATED)
			.by(session.userId())
			.about(session.userId())
			.in(session.id())
			.on(session.deviceName()));
	}

	/**
	 * Ends sessions and tells of each.
	 * @param client of the transaction
	 * @param statement one of {@link SessionStore#ending}
	 * @param reason why
	 * @return the ids of those that it ended
	 */
	Flux<UUID> ended(DatabaseClient client, GenericExecuteSpec statement, EndReason reason) {
		Mono<List<Ended>> ended = statement.bind("reason", reason.code())
			.map((row) -> new Ended(SessionRows.column(row, "session_id", UUID.class),
					SessionRows.column(row, "user_id", UUID.class), row.get("device_name", String.class)))
			.all()
			.collectList();
		return ended.flatMapIterable((all) -> all)
			.concatMap((one) -> this.trail.append(client, event(one, reason)).thenReturn(one.id()));
	}

	private static SecurityEvent event(Ended ended, EndReason reason) {
		EventType type = switch (reason) {
			case SIGN_OUT -> EventType.SIGN_OUT;
			case REPLAY -> EventType.REFRESH_REPLAYED;
			default -> EventType.SESSION_ENDED;
		};
		return SecurityEvent.of(type)
			.about(ended.userId())
			.in(ended.id())
			.on(ended.deviceName())
			.with("reason", reason.code());
	}

	private record Ended(UUID id, UUID userId, @Nullable String deviceName) {

	}

}
