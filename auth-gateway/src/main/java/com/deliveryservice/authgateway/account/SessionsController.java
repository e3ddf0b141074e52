package com.deliveryservice.authgateway.account;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import reactor.core.publisher.Mono;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The caller's own sessions: where one is signed in, and how to end that.
 */
@RestController
class SessionsController {

	private final Sessions sessions;

	SessionsController(Sessions sessions) {
		this.sessions = sessions;
	}

	@GetMapping("/auth/sessions")
	Mono<ResponseEntity<Listed>> list(@AuthenticationPrincipal Caller caller) {
		return this.sessions.findLive(caller.userId())
			.map((session) -> ListedSession.of(session, caller))
			.collectList()
			.map((sessions) -> ResponseEntity.ok()
				.contentType(MediaType.APPLICATION_JSON)
				.cacheControl(CacheControl.noStore())
				.body(new Listed(sessions)));
	}

	/**
	 * Another person's session is as unknown as one that never was. One that has ended
	 * already has ended: whoever repeats this, since no answer came, is told so.
	 */
	@DeleteMapping("/auth/sessions/{id}")
	Mono<ResponseEntity<Void>> end(@PathVariable String id, @AuthenticationPrincipal Caller caller) {
		return Mono.justOrEmpty(idOf(id))
			.filterWhen((session) -> this.sessions.endOf(caller.userId(), session, EndReason.ENDED_BY_USER))
			.switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.SESSION_NOT_FOUND).asException()))
			.thenReturn(ended());
	}

	private static @Nullable UUID idOf(String id) {
		try {
			UUID parsed = UUID.fromString(id);
			return parsed.toString().equalsIgnoreCase(id) ? parsed : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	@DeleteMapping("/auth/sessions")
	Mono<ResponseEntity<Void>> endAll(@RequestParam(name = "keep_current", required = false) @Nullable String keep,
			@AuthenticationPrincipal Caller caller) {
		UUID kept = isTrue(keep) ? caller.sessionId() : null;
		return this.sessions.endAll(caller.userId(), kept, EndReason.ENDED_BY_USER).thenReturn(ended());
	}

	/**
	 * Nothing is guessed: a misspelt {@code true} would sign the caller out.
	 */
	private static boolean isTrue(@Nullable String keep) {
		if (keep == null || keep.equals("false")) {
			return false;
		}
		if (keep.equals("true")) {
			return true;
		}
		throw invalid();
	}

	private static ProblemException invalid() {
		return Problem.invalid(List.of(new FieldError("keep_current", "wrong-type", "is true or false"))).asException();
	}

	private static ResponseEntity<Void> ended() {
		return ResponseEntity.noContent().cacheControl(CacheControl.noStore()).build();
	}

	/**
	 * The list.
	 *
	 * @param sessions newest first
	 */
	record Listed(List<ListedSession> sessions) {

	}

	/**
	 * One of the caller's sessions.
	 *
	 * @param id the session's id
	 * @param deviceName as the device named itself, or {@code null}
	 * @param createdAt when it was signed in
	 * @param lastSeenAt when it was last used, give or take a minute
	 * @param ip where it was signed in from
	 * @param expiresAt its end, however much it is used
	 * @param current whether it is the one that asks
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record ListedSession(UUID id, @Nullable String deviceName, Instant createdAt, Instant lastSeenAt, String ip,
			Instant expiresAt, boolean current) {

		static ListedSession of(Session session, Caller caller) {
			return new ListedSession(session.id(), session.deviceName(), session.createdAt(), session.lastSeenAt(),
					session.ip(), session.expiresAt(), session.id().equals(caller.sessionId()));
		}

	}

}
