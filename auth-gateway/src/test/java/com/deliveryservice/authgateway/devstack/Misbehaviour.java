package com.deliveryservice.authgateway.devstack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.node.ObjectNode;

/**
 * A way in which the stand-in answers other than it should.
 */
@FunctionalInterface
public interface Misbehaviour {

	/**
	 * Answers, or does not.
	 * @param response to write to
	 * @param operation what was called
	 * @param right does the work and gives the right answer
	 */
	Mono<Void> answer(HttpServerResponse response, Operation operation, Mono<ObjectNode> right);

	/** No misbehaviour. */
	Misbehaviour NONE = (response, operation, right) -> right.flatMap((answer) -> send(response, answer.toString()));

	/**
	 * Waits, then does the work and answers rightly.
	 */
	static Misbehaviour slow(Duration delay) {
		return (response, operation, right) -> Mono.delay(delay).then(NONE.answer(response, operation, right));
	}

	/**
	 * Does the work, waits, then answers rightly.
	 */
	static Misbehaviour slowAnswer(Duration delay) {
		return (response, operation, right) -> right.delayElement(delay)
			.flatMap((answer) -> send(response, answer.toString()));
	}

	/**
	 * Closes the connection, nothing done.
	 */
	static Misbehaviour refuse() {
		return (response, operation, right) -> close(response);
	}

	/**
	 * Does the work, then closes the connection without an answer.
	 */
	static Misbehaviour loseAnswer() {
		return (response, operation, right) -> right.then(close(response));
	}

	/**
	 * Does the work and changes the answer.
	 */
	static Misbehaviour changed(Consumer<ObjectNode> change) {
		return (response, operation, right) -> right.doOnNext(change)
			.flatMap((answer) -> send(response, answer.toString()));
	}

	/**
	 * Does nothing and answers this.
	 * @param status of the answer
	 * @param headers of the answer, such as {@code Content-Type}
	 * @param body of the answer, may be empty
	 */
	static Misbehaviour answering(int status, Map<String, String> headers, byte[] body) {
		return (response, operation, right) -> {
			response.status(status);
			headers.forEach(response::header);
			return (body.length > 0) ? response.sendByteArray(Mono.just(body)).then() : response.send();
		};
	}

	/**
	 * Does nothing and answers 200 with this as JSON.
	 */
	static Misbehaviour json(String body) {
		return (response, operation, right) -> send(response, body);
	}

	/**
	 * Answers 200 with a few kilobytes that unpack to 64 MiB.
	 */
	static Misbehaviour gzipBomb() {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
			byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
			for (int mebibyte = 0; mebibyte < 64; mebibyte++) {
				gzip.write(spaces);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return answering(200, Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
				packed.toByteArray());
	}

	private static Mono<Void> send(HttpServerResponse response, String json) {
		return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=utf-8")
			.sendByteArray(Mono.just(json.getBytes(StandardCharsets.UTF_8)))
			.then();
	}

	private static Mono<Void> close(HttpServerResponse response) {
		return Mono.<Void>never().doOnSubscribe((subscription) -> response.withConnection(DisposableChannel::dispose));
	}

}
