package com.deliveryservice.authgateway.account;

import java.util.List;
import java.util.UUID;

import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.directory.Users;
import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.session.EndReason;
import com.deliveryservice.authgateway.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import reactor.core.publisher.Mono;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a caller may know of and do with the own account.
 */
@RestController
class OwnAccountController {

	private final Users users;

	private final Sessions sessions;

	private final PasswordChange passwordChange;

	OwnAccountController(Users users, Sessions sessions, PasswordChange passwordChange) {
		this.users = users;
		this.sessions = sessions;
		this.passwordChange = passwordChange;
	}

	@GetMapping("/auth/me")
	Mono<ResponseEntity<Me>> me(@AuthenticationPrincipal Caller caller) {
		return this.users.find(caller.userId())
			.map((user) -> answer(Me.of(user, caller)))
			.switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.USER_NOT_FOUND).asException()));
	}

	/**
	 * Signed out is only told when it is done everywhere that counts: in the database.
	 */
	@PostMapping("/auth/sign-out")
	Mono<ResponseEntity<Void>> signOut(@AuthenticationPrincipal Caller caller) {
		return this.sessions.end(caller.sessionId(), EndReason.SIGN_OUT)
			.thenReturn(ResponseEntity.noContent().cacheControl(CacheControl.noStore()).build());
	}

	@PutMapping("/auth/password")
	Mono<ResponseEntity<Void>> changePassword(@AuthenticationPrincipal Caller caller,
			@RequestBody PasswordChangeRequest body, ServerHttpRequest request) {
		return this.passwordChange.change(caller, body, ClientAddress.of(request))
			.thenReturn(ResponseEntity.noContent().cacheControl(CacheControl.noStore()).build());
	}

	private static <T> ResponseEntity<T> answer(T body) {
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore())
			.body(body);
	}

	/**
	 * The caller's own account.
	 *
	 * @param id the user's id
	 * @param login as the person wrote it when signing up
	 * @param email or {@code null}
	 * @param phoneNumber or {@code null}
	 * @param userType the user type's name
	 * @param scopes what the access token allows
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Me(UUID id, String login, @Nullable String email, @Nullable String phoneNumber, String userType,
			List<String> scopes) {

		static Me of(User user, Caller caller) {
			List<String> scopes = caller.scope().isEmpty() ? List.of() : List.of(caller.scope().split(" "));
			return new Me(user.id(), user.login(), user.email(), user.phoneNumber(), user.userType(), scopes);
		}

	}

}
