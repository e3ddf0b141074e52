package com.deliveryservice.authgateway.forward;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.ForwardedHeaders;
import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.route.Decision;
import com.deliveryservice.authgateway.route.RequestTarget;
import com.deliveryservice.authgateway.route.Route;

/**
 * Decides what becomes of each request of one connection: guard, match, authenticate,
 * authorise, limit; then one of the two lanes, or a refusal.
 */
final class Reception {

	private static final Logger log = LoggerFactory.getLogger(Reception.class);

	private static final String FORWARDED_FOR = "X-Forwarded-For";

	private static final Problem NO_ROUTE = Problem.of(ProblemCode.NO_ROUTE);

	private static final Problem INTERNAL = Problem.of(ProblemCode.INTERNAL_ERROR);

	private static final Problem OVERLOAD = Problem.of(ProblemCode.UPSTREAM_UNAVAILABLE)
		.withRetryAfter(Duration.ofSeconds(1));

	private static final Problem OVERLOADED = Problem.overloaded();

	/** As the API lane reads at most. */
	private static final int SHORT_BODY = 16 * 1024;

	private final Edge edge;

	private final InetAddress peer;

	private final String peerAddress;

	private final boolean trusted;

	private final String proto;

	Reception(Edge edge, Channel channel) {
		this.edge = edge;
		this.peer = ((InetSocketAddress) channel.remoteAddress()).getAddress();
		this.peerAddress = this.peer.getHostAddress();
		this.trusted = edge.proxies().trusts(this.peer);
		this.proto = (channel.pipeline().get(SslHandler.class) != null) ? "https" : "http";
	}

	/**
	 * Whether the client wants to keep the connection.
	 */
	static boolean isPersistent(HttpRequest request) {
		return HttpUtil.isKeepAlive(request);
	}

	/**
	 * Whether trailers are too long to be dropped silently.
	 */
	static boolean hasLongTrailers(HttpContent content) {
		if (!(content instanceof LastHttpContent last) || last.trailingHeaders().isEmpty()) {
			return false;
		}
		int length = 0;
		for (Map.Entry<String, String> trailer : last.trailingHeaders()) {
			length += trailer.getKey().length() + trailer.getValue().length() + 4;
		}
		return length > HeadLimits.TRAILERS;
	}

	/**
	 * The request's id: a trusted proxy's, or a new one.
	 */
	String requestId(HttpHeaders headers) {
		if (this.trusted) {
			List<String> ids = headers.getAll(RequestIds.HEADER);
			if (ids.size() == 1 && RequestIds.isUsable(ids.get(0))) {
				return ids.get(0);
			}
		}
		return RequestIds.next();
	}

	/**
	 * Decides about a request.
	 * @param client who sent it
	 * @param request the head, owned by this call
	 * @param id its id
	 */
	void receive(Client client, HttpRequest request, String id) {
		Problem odd = this.edge.guard().check(request);
		if (odd != null) {
			ReferenceCountUtil.release(request);
			client.refuse(told(request, odd), true);
			return;
		}
		Decisions decisions = this.edge.decisionsFor(request.uri());
		try {
			if (decisions != null) {
				client.approve(decisions.decide(request), hasBody(request));
			}
			else {
				route(client, request, id);
			}
		}
		catch (ProblemException ex) {
			client.refuse(told(request, ex.problem()), hasBody(request));
		}
		catch (RuntimeException ex) {
			log.error("request {} failed", id, ex);
			client.refuse(INTERNAL, true);
		}
	}

	private Problem told(HttpRequest request, Problem problem) {
		return (this.edge.decisionsFor(request.uri()) != null) ? Decisions.refusal(problem) : problem;
	}

	private void route(Client client, HttpRequest request, String id) {
		if (this.edge.proxies().isEmpty() && request.headers().contains(FORWARDED_FOR)) {
			this.edge.forwardedForIgnored();
		}
		String path = RequestTarget.path(request.uri());
		Decision decision = this.edge.lane().routes().decide(request.method().name(), path);
		if (decision instanceof Decision.Found found) {
			forward(client, request, id, path, found.route());
		}
		else if (decision instanceof Decision.WrongMethod wrong) {
			throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED).withHeader("Allow", wrong.allow()).asException();
		}
		else if (this.edge.isOverloaded(request.method(), path)) {
			client.refuse(OVERLOADED, hasBody(request) && !isShort(request.headers()));
		}
		else if (this.edge.owns(path)) {
			request.headers().set(RequestIds.HEADER, id);
			client.passOn(request);
		}
		else {
			client.refuse(NO_ROUTE, hasBody(request));
		}
	}

	/**
	 * Whether reading a body to its end, and dropping it, is cheaper than a new
	 * connection would be.
	 */
	private static boolean isShort(HttpHeaders headers) {
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		return length != null && !headers.contains(HttpHeaderNames.EXPECT) && Long.parseLong(length) <= SHORT_BODY;
	}

	private void forward(Client client, HttpRequest request, String id, String path, Route route) {
		Caller caller = this.edge.lane()
			.gatekeeper()
			.admit(route, request.headers().get(HttpHeaderNames.AUTHORIZATION));
		if (this.edge.meters().inFlight().get() >= this.edge.settings().maxInFlight()) {
			throw OVERLOAD.asException();
		}
		Forwarding forwarding = new Forwarding(id, request, path, route, caller, origin(request.headers()));
		ForwardExchange exchange = new ForwardExchange(client, this.edge, forwarding);
		client.run(exchange);
		exchange.start();
	}

	private ForwardedHeaders origin(HttpHeaders headers) {
		return this.trusted ? ForwardedHeaders.ofProxy(this.edge.proxies(), this.peer, headers, this.proto)
				: ForwardedHeaders.ofClient(this.peerAddress, this.proto, host(headers));
	}

	private static @Nullable String host(HttpHeaders headers) {
		return headers.get(HttpHeaderNames.HOST);
	}

	/**
	 * Whether a body follows the head.
	 */
	static boolean hasBody(HttpRequest request) {
		HttpHeaders headers = request.headers();
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
	}

}
