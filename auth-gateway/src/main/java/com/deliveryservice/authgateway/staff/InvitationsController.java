package com.deliveryservice.authgateway.staff;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.identity.Caller;

import reactor.core.publisher.Mono;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * {@code /auth/invitations} (contract/client-api.md, Staff).
 */
@RestController
class InvitationsController {

	private final StaffAccess access;

	private final Inviting inviting;

	InvitationsController(StaffAccess access, Inviting inviting) {
		this.access = access;
		this.inviting = inviting;
	}

	@PostMapping("/auth/invitations")
	Mono<ResponseEntity<Given>> invite(@AuthenticationPrincipal Caller caller, @RequestBody Wish wish) {
		Set<String> managed = this.access.managedBy(caller);
		String userType = UserFilter.known(wish.userType(), this.access);
		if (!managed.contains(userType)) {
			throw StaffAccess.notAllowed("Users of this type are invited by others.");
		}
		return this.inviting.invite(caller, userType, email(wish.email()))
			.map((given) -> ResponseEntity.status(HttpStatus.CREATED)
				.contentType(MediaType.APPLICATION_JSON)
				.cacheControl(CacheControl.noStore())
				.body(given));
	}

	@GetMapping("/auth/invitations")
	Mono<ResponseEntity<Map<String, List<OpenInvitation>>>> list(@AuthenticationPrincipal Caller caller) {
		Set<String> managed = this.access.managedBy(caller);
		return this.inviting.open(managed, this.access.giving(managed))
			.collectList()
			.map((open) -> ResponseEntity.ok()
				.contentType(MediaType.APPLICATION_JSON)
				.cacheControl(CacheControl.noStore())
				.body(Map.of("invitations", open)));
	}

	/**
	 * One that is gone already, or never was there, is as good as deleted.
	 */
	@DeleteMapping("/auth/invitations/{id}")
	Mono<ResponseEntity<Void>> revoke(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
		return this.inviting.revoke(caller, UserFilter.idOrNone(id), this.access.managedBy(caller))
			.then(Mono.just(ResponseEntity.noContent().cacheControl(CacheControl.noStore()).build()));
	}

	private static @Nullable String email(@Nullable String email) {
		if (email == null || email.isEmpty()) {
			return null;
		}
		if (Contact.email(email) == null) {
			throw UserFilter.invalid("email", "is no e-mail address");
		}
		return email;
	}

	/**
	 * Whom to invite.
	 *
	 * @param userType as what
	 * @param email for the list alone, or {@code null}
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Wish(@Nullable String userType, @Nullable String email) {

	}

	/**
	 * A new invitation, the only time with its secret. Never prints it.
	 *
	 * @param id its id
	 * @param invitation the secret
	 * @param userType what it makes of whoever signs up with it
	 * @param email whom it was meant for, or {@code null}
	 * @param expiresAt its end
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Given(UUID id, String invitation, String userType, @Nullable String email, Instant expiresAt) {

		static final Duration LIFE = Duration.ofDays(3);

		@Override
		public String toString() {
			return "Given[" + this.id + "]";
		}

	}

}
