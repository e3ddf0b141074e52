package com.deliveryservice.authgateway.account;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;

/**
 * {@code POST /auth/sign-up} and {@code POST /auth/sign-up/{sign_up_id}/verification}
 * (contract/client-api.md).
 */
@RestController
class SignUpController {

	private static final int LONGEST_CODE = 64;

	private static final int UUID_LENGTH = 36;

	private static final Problem UNAVAILABLE = Problem.of(ProblemCode.AUTH_SERVICE_UNAVAILABLE)
		.withRetryAfter(Duration.ofSeconds(5));

	private final SignUp signUp;

	private final SignUpVerification verification;

	private final RefusalNotes notes;

	SignUpController(SignUp signUp, SignUpVerification verification, RefusalNotes notes) {
		this.signUp = signUp;
		this.verification = verification;
		this.notes = notes;
	}

	@PostMapping(path = "/auth/sign-up", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<Accepted>> signUp(@RequestBody SignUpRequest body, ServerHttpRequest request) {
		return Mono.fromCallable(() -> SignUpForm.read(body))
			.flatMap((form) -> this.signUp.begin(form, ClientAddress.of(request)))
			.delayUntil((begun) -> this.notes.note(event(EventType.SIGN_UP_STARTED, begun.id())))
			.map(SignUpController::accepted)
			.onErrorResume(ProblemException.class,
					(failure) -> this.notes.noted(failure, EventType.THROTTLED,
							SecurityEvent.of(EventType.THROTTLED).with("limit", "sign_up")))
			.onErrorMap(DatabaseUnavailableException.class, SignUpController::unavailable);
	}

	@PostMapping(path = "/auth/sign-up/{id}/verification", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<ResponseEntity<Void>> verify(@PathVariable String id, @RequestBody Verification body,
			ServerHttpRequest request) {
		return Mono.fromCallable(() -> code(body))
			.flatMap((code) -> verify(idOf(id), code, ClientAddress.of(request)))
			.thenReturn(ResponseEntity.noContent().cacheControl(CacheControl.noStore()).<Void>build())
			.onErrorMap(DatabaseUnavailableException.class, SignUpController::unavailable);
	}

	private Mono<Void> verify(UUID id, String code, @Nullable InetAddress address) {
		return this.verification.verify(id, code, address)
			.onErrorResume(ProblemException.class, (failure) -> throttled(id, failure));
	}

	/** A wrong code is told of where it is counted. */
	private <T> Mono<T> throttled(UUID id, ProblemException failure) {
		if (failure.problem().code() == ProblemCode.CODE_INCORRECT) {
			return Mono.error(failure);
		}
		return this.notes.noted(failure, EventType.THROTTLED,
				event(EventType.THROTTLED, id).with("limit", "sign_up_code"));
	}

	private static SecurityEvent event(EventType type, UUID signUpId) {
		return SecurityEvent.of(type).with("sign_up_id", signUpId);
	}

	private static String code(Verification body) {
		String code = body.code();
		if (code == null || code.isBlank()) {
			throw Problem.invalid(List.of(FieldError.missing("code"))).asException();
		}
		if (code.length() > LONGEST_CODE) {
			throw Problem.invalid(List.of(new FieldError("code", "too-long", "is no code"))).asException();
		}
		return code.strip();
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
		throw SignUpVerification.notFound();
	}

	private static ResponseEntity<Accepted> accepted(SignUp.Begun begun) {
		return ResponseEntity.status(HttpStatus.ACCEPTED)
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.APPLICATION_JSON)
			.body(new Accepted(begun.id(), begun.codeExpiresAt().truncatedTo(ChronoUnit.MILLIS), begun.attemptsLeft()));
	}

	private static ProblemException unavailable(DatabaseUnavailableException failure) {
		return new ProblemException(UNAVAILABLE, failure);
	}

	/**
	 * The body of a verification. Never prints itself.
	 *
	 * @param code as the person entered it
	 */
	record Verification(@Nullable String code) {

		@Override
		public String toString() {
			return "Verification[…]";
		}

	}

	/**
	 * A code was sent.
	 *
	 * @param signUpId the gateway's id of the sign-up
	 * @param codeExpiresAt when the code expires
	 * @param attemptsLeft how many wrong codes close it
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record Accepted(UUID signUpId, Instant codeExpiresAt, int attemptsLeft) {

	}

}
