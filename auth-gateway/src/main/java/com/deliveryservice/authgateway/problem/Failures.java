package com.deliveryservice.authgateway.problem;

import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;

/**
 * The one mapping of failures to problems. What it does not know is a bug of ours: 500,
 * of which nothing is told.
 */
final class Failures {

	private Failures() {
	}

	static Problem problemOf(Throwable failure) {
		if (failure instanceof ProblemException problem) {
			return problem.problem();
		}
		if (isCausedBy(failure, DataBufferLimitException.class)) {
			return Problem.of(ProblemCode.TOO_LARGE);
		}
		if (failure instanceof DecodingException || failure instanceof ServerWebInputException) {
			return unreadable(failure);
		}
		if (failure instanceof MethodNotAllowedException method) {
			return Problem.of(ProblemCode.METHOD_NOT_ALLOWED).withHeader("Allow", allow(method));
		}
		if (failure instanceof ResponseStatusException status) {
			return ofStatus(status.getStatusCode().value());
		}
		return (failure instanceof TimeoutException) ? Problem.of(ProblemCode.SERVICE_UNAVAILABLE)
				: Problem.of(ProblemCode.INTERNAL_ERROR);
	}

	private static Problem unreadable(Throwable failure) {
		JacksonException json = find(failure, JacksonException.class);
		if (json instanceof DatabindException && !json.getPath().isEmpty()) {
			return Problem.invalid(List.of(FieldError.wrongType(fieldOf(json))));
		}
		ProblemException problem = find(failure, ProblemException.class);
		return (problem != null) ? problem.problem()
				: Problem.invalid(List.of(new FieldError("", "malformed", "is not a JSON object of this request")));
	}

	/**
	 * The names of our own properties on the way to the wrong value: the client's own
	 * names are ignored while reading, so none of them is in the path.
	 */
	private static String fieldOf(JacksonException json) {
		return json.getPath()
			.stream()
			.map((step) -> (step.getPropertyName() != null) ? step.getPropertyName() : "[" + step.getIndex() + "]")
			.collect(Collectors.joining("."));
	}

	private static Problem ofStatus(int status) {
		return switch (status) {
			case 404 -> Problem.of(ProblemCode.NO_ROUTE);
			case 406 -> Problem.of(ProblemCode.NOT_ACCEPTABLE);
			case 413 -> Problem.of(ProblemCode.TOO_LARGE);
			case 415 -> Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
			case 503 -> Problem.of(ProblemCode.SERVICE_UNAVAILABLE);
			default -> (status >= 400 && status < 500) ? Problem.of(ProblemCode.INVALID_REQUEST)
					: Problem.of(ProblemCode.INTERNAL_ERROR);
		};
	}

	private static String allow(MethodNotAllowedException failure) {
		return failure.getSupportedMethods().stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
	}

	private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
		return find(failure, type) != null;
	}

	private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		Throwable next = failure;
		for (int depth = 0; next != null && depth < 10; depth++) {
			if (type.isInstance(next)) {
				return type.cast(next);
			}
			next = next.getCause();
		}
		return null;
	}

}
