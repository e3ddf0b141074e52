package com.deliveryservice.authgateway.staff;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.session.Session;
import com.deliveryservice.authgateway.session.Sessions;
import com.deliveryservice.authgateway.staff.UserFilter.Wanted;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * {@code /auth/users} (contract/client-api.md, Staff).
 */
@RestController
class UsersController {

	private final StaffAccess access;

	private final ManagedUsers users;

	private final UserChanges changes;

	private final Sessions sessions;

	private final PageTokens pages;

	UsersController(StaffAccess access, ManagedUsers users, UserChanges changes, Sessions sessions, PageTokens pages) {
		this.pages = pages;
		this.access = access;
		this.users = users;
		this.changes = changes;
		this.sessions = sessions;
	}

	@GetMapping("/auth/users")
	Mono<ResponseEntity<Page>> list(@AuthenticationPrincipal Caller caller,
			@RequestParam(name = "user_type", required = false) @Nullable String userType,
			@RequestParam(required = false) @Nullable String login,
			@RequestParam(required = false) @Nullable String status,
			@RequestParam(name = "page_size", required = false) @Nullable String size,
			@RequestParam(name = "page_token", required = false) @Nullable String token) {
		Set<String> seen = new TreeSet<>(this.access.managedBy(caller));
		Wanted wanted = UserFilter.of(status, login, size);
		if (userType != null) {
			seen.retainAll(Set.of(userType));
		}
		String list = wanted.list(seen);
		PageToken after = (token != null) ? this.pages.read(token, list) : null;
		if (token != null && after == null) {
			throw UserFilter.invalid("page_token", "is none that was given for this list");
		}
		Flux<ManagedUser> found = (seen.isEmpty() || wanted.isNobody()) ? Flux.empty()
				: this.users.page(wanted.query(after), seen);
		return found.collectList().map((rows) -> ok(page(rows, wanted.size(), list)));
	}

	@GetMapping("/auth/users/{id}")
	Mono<ResponseEntity<ManagedUser>> get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
		return this.changes.managed(caller, UserFilter.id(id)).map(UsersController::ok);
	}

	@GetMapping("/auth/users/{id}/sessions")
	Mono<ResponseEntity<SessionList>> sessions(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
		return this.changes.managed(caller, UserFilter.id(id))
			.flatMapMany((user) -> this.sessions.findLive(user.id()))
			.map((session) -> ListedSession.of(session, caller))
			.collectList()
			.map((all) -> ok(new SessionList(all)));
	}

	@DeleteMapping("/auth/users/{id}/sessions")
	Mono<ResponseEntity<Void>> endSessions(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
		return this.changes.endSessions(caller, UserFilter.id(id))
			.thenReturn(ResponseEntity.noContent().cacheControl(CacheControl.noStore()).build());
	}

	@PatchMapping("/auth/users/{id}")
	Mono<ResponseEntity<ManagedUser>> change(@AuthenticationPrincipal Caller caller, @PathVariable String id,
			@RequestBody Change change) {
		this.access.managedBy(caller);
		UUID userId = UserFilter.id(id);
		String userType = change.userType();
		String status = change.status();
		Mono<ManagedUser> changed;
		if (userType != null && status == null) {
			changed = this.changes.changeType(caller, userId, UserFilter.known(userType, this.access));
		}
		else if (ManagedUser.SUSPENDED.equals(status) && userType == null) {
			changed = this.changes.suspend(caller, userId);
		}
		else if (ManagedUser.ACTIVE.equals(status) && userType == null) {
			changed = this.changes.reactivate(caller, userId);
		}
		else {
			throw UserFilter.invalid("status", "is active or suspended, or there is a user_type instead");
		}
		return changed.map(UsersController::ok);
	}

	/**
	 * Of one row more than asked for, if there are so many.
	 */
	private Page page(List<ManagedUser> rows, int size, String list) {
		if (rows.size() <= size) {
			return new Page(rows, null);
		}
		ManagedUser last = rows.get(size - 1);
		return new Page(rows.subList(0, size), this.pages.write(new PageToken(last.createdAt(), last.id()), list));
	}

	private static <T> ResponseEntity<T> ok(T body) {
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore())
			.body(body);
	}

	/**
	 * What to change: one of both.
	 *
	 * @param status the new status, or {@code null}
	 * @param userType the new user type, or {@code null}
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Change(@Nullable String status, @Nullable String userType) {

	}

	/**
	 * A page of users.
	 *
	 * @param users newest first
	 * @param nextPageToken for the next one, or {@code null} if there is none
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Page(List<ManagedUser> users, @Nullable String nextPageToken) {

	}

	/**
	 * A user's live sessions.
	 *
	 * @param sessions newest first
	 */
	record SessionList(List<ListedSession> sessions) {

	}

	/**
	 * A session as staff sees it.
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
