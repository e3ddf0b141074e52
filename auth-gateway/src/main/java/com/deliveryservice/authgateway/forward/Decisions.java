package com.deliveryservice.authgateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.IdentityHeaders;
import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.route.Decision;
import com.deliveryservice.authgateway.route.RequestTarget;
import com.deliveryservice.authgateway.route.Route;

/**
 * Decides for an ingress that forwards by itself: by the edge's routes, gatekeeper and
 * assertions, so that there is one truth about who may do what.
 */
final class Decisions {

	private final Edge.Lane lane;

	/**
	 * Decisions by a lane.
	 * @param lane the edge's, not that of the listener where the questions come in
	 */
	Decisions(Edge.Lane lane) {
		this.lane = lane;
	}

	/**
	 * What an ingress understands: 401 and 403 refuse, 503 says that it cannot be told.
	 * Every other refusal of the edge is 403 here, under its own code.
	 */
	static Problem refusal(Problem problem) {
		return switch (problem.status()) {
			case 401, 403, 500, 503 -> problem;
			default -> problem.withStatus(403);
		};
	}

	/**
	 * Decides about the original request.
	 * @param question for which {@link OriginalRequest#isAskedAt} is true
	 * @throws ProblemException if the edge would not forward it
	 */
	Approval decide(HttpRequest question) {
		OriginalRequest original = OriginalRequest.of(question);
		Decision decision = this.lane.routes().decide(original.method(), RequestTarget.path(original.target()));
		if (decision instanceof Decision.Found found) {
			return approve(found.route(), question.headers().get(HttpHeaderNames.AUTHORIZATION));
		}
		throw Problem
			.of((decision instanceof Decision.WrongMethod) ? ProblemCode.METHOD_NOT_ALLOWED : ProblemCode.NO_ROUTE)
			.asException();
	}

	private Approval approve(Route route, @Nullable String authorization) {
		Caller caller = this.lane.gatekeeper().admit(route, authorization);
		return new Approval(caller,
				(caller != null) ? this.lane.assertions().assertionOf(caller, route.options().audience()) : null);
	}

	/**
	 * The answer to a request that may pass.
	 *
	 * @param caller who calls, or {@code null} on a route that is open to all
	 * @param assertion the proof of it, or {@code null} likewise
	 */
	record Approval(@Nullable Caller caller, @Nullable String assertion) {

		private static final byte[] FIXED = HeadWriter.lines("""
				HTTP/1.1 200 OK
				Cache-Control: no-store
				Content-Length: 0
				""");

		/**
		 * Writes each identity header, and the request's id.
		 */
		void fields(FieldSink head, String requestId) {
			head.header(RequestIds.HEADER, requestId);
			if (this.caller != null && this.assertion != null) {
				IdentityHeaders.write(this.caller, this.assertion, head::checkedHeader);
			}
			else {
				IdentityHeaders.writeNobody(head::header);
			}
		}

		/**
		 * Writes each identity header; empty if nobody is known, so that the ingress
		 * overwrites what the client sent.
		 * @param out to append to
		 * @param requestId the request's id
		 * @param close whether the connection ends with it
		 */
		void write(ByteBuf out, String requestId, boolean close) {
			HeadWriter head = new HeadWriter(out).bytes(FIXED);
			fields(head, requestId);
			if (close) {
				head.header("Connection", "close");
			}
			head.end();
		}

	}

}
