package com.deliveryservice.authgateway.directory;

import java.util.Map;
import java.util.function.Function;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

import com.deliveryservice.authgateway.directory.Messages.TokenRequest;
import com.deliveryservice.authgateway.directory.Messages.UserCredentials;
import com.deliveryservice.authgateway.directory.Messages.VSURequest;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;

/**
 * {@code POST /Auth/…}: everything that workflow-auth calls, and everything that can be
 * wrong with such a call.
 */
@Component
class AuthBackendEndpoints {

	private static final int MAX_BODY = 16 * 1024;

	private static final String PREFIX = "/Auth/";

	private final Map<String, Function<byte[], Mono<?>>> operations;

	private final CallbackAccess access;

	AuthBackendEndpoints(AuthBackend backend, CallbackAccess access) {
		this.access = access;
		this.operations = Map.of("CheckUserExistance", reading(UserCredentials.class, backend::checkUserExistance),
				"AddUser", reading(UserCredentials.class, backend::addUser), "VerifySignUp",
				reading(VSURequest.class, backend::verifySignUp), "VerifyUserCredentials",
				reading(UserCredentials.class, backend::verifyUserCredentials), "GetTokenByUserUid",
				reading(TokenRequest.class, backend::getTokenByUserUid));
	}

	/**
	 * Answers any request below {@code /Auth}, or fails with the refusal.
	 */
	Mono<ServerResponse> serve(ServerRequest request) {
		return this.access.check(request).then(Mono.defer(() -> answer(request)));
	}

	private Mono<ServerResponse> answer(ServerRequest request) {
		String path = request.requestPath().pathWithinApplication().value();
		Function<byte[], Mono<?>> operation = this.operations
			.get(path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "");
		if (operation == null) {
			return Mono.error(Problem.of(ProblemCode.NO_ROUTE).asException());
		}
		if (!HttpMethod.POST.equals(request.method())) {
			return Mono.error(Problem.of(ProblemCode.METHOD_NOT_ALLOWED).withHeader("Allow", "POST").asException());
		}
		if (!isJson(request)) {
			return Mono.error(Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE).asException());
		}
		return body(request).flatMap(operation).flatMap(AuthBackendEndpoints::ok);
	}

	private static boolean isJson(ServerRequest request) {
		return request.headers().contentType().filter(MediaType.APPLICATION_JSON::equalsTypeAndSubtype).isPresent();
	}

	private static Mono<byte[]> body(ServerRequest request) {
		return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), MAX_BODY).map((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			DataBufferUtils.release(buffer);
			return bytes;
		})
			.defaultIfEmpty(new byte[0])
			.onErrorMap(DataBufferLimitException.class, (ex) -> Problem.of(ProblemCode.TOO_LARGE).asException());
	}

	private static Mono<ServerResponse> ok(Object answer) {
		return ServerResponse.ok()
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Messages.JSON.writeValueAsBytes(answer));
	}

	private static <T> Function<byte[], Mono<?>> reading(Class<T> type, Function<T, ? extends Mono<?>> operation) {
		return (body) -> Mono.fromCallable(() -> read(body, type)).flatMap(operation);
	}

	private static <T> T read(byte[] body, Class<T> type) {
		try {
			T message = Messages.JSON.readValue(body, type);
			if (message == null) {
				throw new MalformedMessageException("no JSON object");
			}
			return message;
		}
		catch (JacksonException ex) {
			throw new MalformedMessageException("malformed JSON");
		}
	}

}
