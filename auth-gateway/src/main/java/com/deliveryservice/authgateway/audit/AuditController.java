package com.deliveryservice.authgateway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;

import reactor.core.publisher.Mono;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * {@code GET /auth/audit}, for admins: events, the newest first, a page at a time
 * (contract/client-api.md).
 */
@RestController
class AuditController {

	private static final String ADMIN = "admin";

	private final EventReader reader;

	AuditController(EventReader reader) {
		this.reader = reader;
	}

	/**
	 * A page of events. Fails with 403 {@code forbidden}, 400 {@code validation-failed}
	 * or 503.
	 */
	@GetMapping("/auth/audit")
	Mono<ResponseEntity<Page>> events(@AuthenticationPrincipal Caller caller,
			@RequestParam MultiValueMap<String, String> parameters) {
		if (!caller.userType().equals(ADMIN)) {
			return Mono.error(Problem.of(ProblemCode.FORBIDDEN).asException());
		}
		return Mono.fromCallable(() -> EventQuery.read(parameters))
			.flatMap(this.reader::find)
			.map((events) -> ResponseEntity.ok()
				.contentType(MediaType.APPLICATION_JSON)
				.cacheControl(CacheControl.noStore())
				.body(Page.of(events)));
	}

	/**
	 * A page.
	 *
	 * @param events the newest first
	 * @param nextPageToken asks for the next page; {@code null}: this is the last
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Page(List<Event> events, @Nullable String nextPageToken) {

		static Page of(List<RecordedEvent> found) {
			boolean isLast = found.size() <= EventQuery.PAGE;
			List<RecordedEvent> shown = isLast ? found : found.subList(0, EventQuery.PAGE);
			String next = isLast ? null : EventQuery.tokenAfter(shown.get(shown.size() - 1));
			return new Page(shown.stream().map(Event::of).toList(), next);
		}

	}

	/**
	 * An event as it is shown.
	 *
	 * @param id its own
	 * @param at when it happened
	 * @param type what happened
	 * @param actorId who did it, or {@code null}
	 * @param userId whom it happened to, or {@code null}
	 * @param sessionId which session it is about, or {@code null}
	 * @param ip where the request came from, or {@code null}
	 * @param deviceName what the device calls itself, or {@code null}
	 * @param requestId the request's id, or {@code null}
	 * @param detail a few more words
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Event(UUID id, Instant at, String type, @Nullable UUID actorId, @Nullable UUID userId,
			@Nullable UUID sessionId, @Nullable String ip, @Nullable String deviceName, @Nullable String requestId,
			Map<String, String> detail) {

		static Event of(RecordedEvent event) {
			return new Event(event.id(), event.at(), event.type(), event.actorId(), event.userId(), event.sessionId(),
					event.ip(), event.deviceName(), event.requestId(), EventJson.detail(event.detail()));
		}

	}

}
