package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

import com.deliveryservice.authgateway.audit.EventType;
import com.deliveryservice.authgateway.audit.SecurityEvent;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.protection.SignInAttempt;

/**
 * {@code POST /auth/password-reset} and {@code POST /auth/password-reset/{reset_id}}
 * (contract/client-api.md).
 */
@RestController
class PasswordResetController {

	static final String NEW_PASSWORD = "new_password";

	private static final int LONGEST_CODE = 64;

	private static final int LONGEST_PASSWORD = 1024;

	private static final int UUID_LENGTH = 36;

	private final PasswordReset reset;

	private final PasswordResetCompletion completion;

	private final RefusalNotes notes;

	PasswordResetController(PasswordReset reset, PasswordResetCompletion completion, RefusalNotes notes) {
		this.reset = reset;
		this.completion = completion;
		this.notes = notes;
	}

	@PostMapping(path = "/auth/password-reset", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<Accepted>> begin(@RequestBody PasswordResetRequest body, ServerHttpRequest request) {
		return Mono.fromCallable(() -> body.attempt(ClientAddress.of(request))).flatMap(this::begin);
	}

	@PostMapping(path = "/auth/password-reset/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<Void>> complete(@PathVariable String id, @RequestBody Completion body,
			ServerHttpRequest request) {
		return Mono.fromCallable(() -> attempt(id, body, ClientAddress.of(request)))
			.flatMap(this.completion::complete)
			.onErrorResume(ProblemException.class, this::throttled)
			.thenReturn(ResponseEntity.noContent().cacheControl(CacheControl.noStore()).<Void>build());
	}

	private Mono<ResponseEntity<Accepted>> begin(SignInAttempt attempt) {
		return this.reset.begin(attempt)
			.delayUntil((begun) -> this.notes.note(SecurityEvent.of(EventType.PASSWORD_RESET_REQUESTED)
				.aboutLogin(attempt.login())
				.with("reset_id", begun.id())))
			.onErrorResume(ProblemException.class, this::throttled)
			.map((begun) -> ResponseEntity.status(HttpStatus.ACCEPTED)
				.cacheControl(CacheControl.noStore())
				.contentType(MediaType.APPLICATION_JSON)
				.body(new Accepted(begun.id(), begun.codeExpiresAt().truncatedTo(ChronoUnit.MILLIS))));
	}

	/** A wrong code is told of where it is counted. */
	private <T> Mono<T> throttled(ProblemException failure) {
		if (failure.problem().code() == ProblemCode.CODE_INCORRECT) {
			return Mono.error(failure);
		}
		return this.notes.noted(failure, EventType.THROTTLED,
				SecurityEvent.of(EventType.THROTTLED).with("limit", "password_reset"));
	}

	/**
	 * Only whether there is something to judge. Whether it may be a password costs as
	 * much as hashing one, so that is for who has the right code.
	 */
	private static ResetAttempt attempt(String id, Completion body, @Nullable InetAddress address) {
		List<FieldError> errors = new ArrayList<>();
		check("code", body.code(), LONGEST_CODE, errors);
		check(NEW_PASSWORD, body.newPassword(), LONGEST_PASSWORD, errors);
		if (!errors.isEmpty()) {
			throw Problem.invalid(errors).asException();
		}
		return new ResetAttempt(idOf(id), String.valueOf(body.code()).strip(), String.valueOf(body.newPassword()),
				body.deviceToken(), address);
	}

	private static void check(String field, @Nullable String value, int longest, List<FieldError> errors) {
		if (value == null || value.isBlank()) {
			errors.add(FieldError.missing(field));
		}
		else if (value.length() > longest) {
			errors.add(new FieldError(field, "too-long", "has more than " + longest + " characters"));
		}
	}

	private static UUID idOf(String id) {
		try {
			if (id.length() == UUID_LENGTH) {
				return UUID.fromString(id);
			}
		}
		catch (IllegalArgumentException ex) {
			// answered as any unknown id
		}
		throw PasswordResetCompletion.notFound();
	}

	/**
	 * The body of a completion. Never prints itself.
	 *
	 * @param code as the person entered it
	 * @param newPassword in clear
	 * @param deviceToken as an earlier sign-in on this device gave it, or {@code null}:
	 * its failures are forgotten as well
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Completion(@Nullable String code, @Nullable String newPassword, @Nullable String deviceToken) {

		@Override
		public String toString() {
			return "Completion[…]";
		}

	}

	/**
	 * A reset has begun, whosever it is.
	 *
	 * @param resetId its id
	 * @param codeExpiresAt when its code expires
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Accepted(UUID resetId, Instant codeExpiresAt) {

	}

}
