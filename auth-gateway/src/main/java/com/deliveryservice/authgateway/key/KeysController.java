package com.deliveryservice.authgateway.key;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import com.deliveryservice.authgateway.problem.FieldError;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;

import reactor.core.publisher.Mono;

/**
 * {@code /actuator/keys} for operators, on the internal listener alone, whose security
 * chain asks for HTTP Basic and the role {@code operate}.
 */
@RestController
class KeysController {

	private final KeyRotation rotation;

	KeysController(KeyRotation rotation) {
		this.rotation = rotation;
	}

	@GetMapping("/actuator/keys")
	Mono<ResponseEntity<Map<String, List<KeyState>>>> list() {
		return this.rotation.list().map(KeysController::answer);
	}

	@PostMapping("/actuator/keys")
	Mono<ResponseEntity<Map<String, List<KeyState>>>> act(@RequestBody Action action) {
		return done(action).map(KeysController::answer);
	}

	private Mono<List<KeyState>> done(Action action) {
		String kid = action.kid();
		if ("rotate".equals(action.action())) {
			return this.rotation.rotate();
		}
		if (!"revoke".equals(action.action())) {
			return invalid("action", "is rotate or revoke");
		}
		if (kid == null || kid.isEmpty()) {
			return invalid("kid", "says which key to revoke");
		}
		return this.rotation.revoke(kid)
			.switchIfEmpty(Mono.error(() -> Problem.of(ProblemCode.KEY_NOT_FOUND).asException()));
	}

	private static <T> Mono<T> invalid(String field, String message) {
		return Mono.error(() -> Problem.invalid(List.of(new FieldError(field, "invalid", message))).asException());
	}

	private static ResponseEntity<Map<String, List<KeyState>>> answer(List<KeyState> keys) {
		return ResponseEntity.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.cacheControl(CacheControl.noStore())
			.body(Map.of("keys", keys));
	}

	/**
	 * What an operator wants.
	 *
	 * @param action {@code rotate} or {@code revoke}
	 * @param kid which key to revoke
	 */
	record Action(@Nullable String action, @Nullable String kid) {

	}

}
