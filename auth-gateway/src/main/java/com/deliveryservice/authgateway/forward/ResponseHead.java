package com.deliveryservice.authgateway.forward;

import java.util.Iterator;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;

import com.deliveryservice.authgateway.identity.ForwardedHeaders;
import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.route.Upstream;

/**
 * The head of a backend's answer as the client gets it.
 */
final class ResponseHead {

	private static final byte[] VERSION = HeadWriter.ascii("HTTP/1.1 ");

	private static final byte[] CHUNKED = HeadWriter.ascii("Transfer-Encoding: chunked\r\n");

	private static final byte[] CLOSE = HeadWriter.ascii("Connection: close\r\n");

	private static final byte[] KEEP_ALIVE = HeadWriter.ascii("Connection: keep-alive\r\n");

	private static final byte[] UPGRADE = HeadWriter.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");

	private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");

	private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);

	private ResponseHead() {
	}

	/**
	 * How the end of the answer is told to the client.
	 */
	enum Framing {

		NO_BODY, LENGTH, CHUNKED, CLOSE

	}

	/**
	 * What the head says of the connection.
	 */
	enum Persistence {

		DEFAULT, KEEP_ALIVE, CLOSE, UPGRADE

	}

	/**
	 * Writes the head.
	 * @param out to append to
	 * @param response of the backend
	 * @param forwarding the request it answers
	 * @param framing of the body
	 * @param persistence of the connection
	 */
	static void write(ByteBuf out, HttpResponse response, Forwarding forwarding, Framing framing,
			Persistence persistence) {
		HeadWriter head = new HeadWriter(out);
		head.bytes(VERSION).text(response.status().codeAsText()).text(" ").text(response.status().reasonPhrase()).end();
		copy(head, response.headers(), forwarding);
		length(head, response, framing);
		if (framing == Framing.CHUNKED) {
			head.bytes(CHUNKED);
		}
		switch (persistence) {
			case CLOSE -> head.bytes(CLOSE);
			case KEEP_ALIVE -> head.bytes(KEEP_ALIVE);
			case UPGRADE -> head.bytes(UPGRADE);
			case DEFAULT -> {
			}
		}
		head.end();
	}

	/** The length, where it is known and may be said. */
	static void length(FieldSink head, HttpResponse response, Framing framing) {
		String length = response.headers().get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null && framing != Framing.CHUNKED && response.status().code() != 204
				&& response.status().code() >= 200) {
			head.header(CONTENT_LENGTH, length);
		}
	}

	/** What the backend may say, and the request's id. */
	static void copy(FieldSink head, HttpHeaders headers, Forwarding forwarding) {
		Set<String> nominated = HeaderRules.nominated(headers);
		Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
		while (all.hasNext()) {
			Map.Entry<CharSequence, CharSequence> header = all.next();
			CharSequence name = header.getKey();
			CharSequence value = header.getValue();
			if (!HeaderRules.responsePasses(name) || HeaderRules.isNominated(nominated, name)) {
				continue;
			}
			if (HttpHeaderNames.SET_COOKIE.contentEqualsIgnoreCase(name)) {
				if (value.toString().trim().startsWith(HeaderRules.COOKIE)) {
					continue;
				}
			}
			else if (HttpHeaderNames.LOCATION.contentEqualsIgnoreCase(name)
					|| HttpHeaderNames.CONTENT_LOCATION.contentEqualsIgnoreCase(name)) {
				value = publicLocation(value.toString(), forwarding);
			}
			head.header(name, value);
		}
		head.header(REQUEST_ID, forwarding.id());
	}

	/**
	 * An absolute reference to the backend itself, by the name that only the gateway
	 * knows, becomes one to the public address, with the stripped prefix put back.
	 */
	static String publicLocation(String location, Forwarding forwarding) {
		Upstream upstream = forwarding.route().upstream();
		int start = schemeEnd(location);
		if (start < 0) {
			return location;
		}
		int end = start;
		while (end < location.length() && "/?#".indexOf(location.charAt(end)) < 0) {
			end++;
		}
		String authority = location.substring(start, end);
		if (!isNameOf(upstream, authority)
				&& upstream.others().stream().noneMatch((other) -> isNameOf(other, authority))) {
			return location;
		}
		ForwardedHeaders client = forwarding.client();
		String prefix = client.prefix() + forwarding.route().strippedPrefix(forwarding.path());
		String origin = (client.host() != null) ? client.proto() + "://" + client.host() : "";
		return origin + prefix + location.substring(end);
	}

	private static boolean isNameOf(Upstream upstream, String authority) {
		return authority.equalsIgnoreCase(upstream.authority())
				|| authority.equalsIgnoreCase(upstream.host() + ":" + upstream.port())
				|| authority.equalsIgnoreCase(upstream.host());
	}

	private static int schemeEnd(String location) {
		if (location.regionMatches(true, 0, "http://", 0, 7)) {
			return 7;
		}
		if (location.regionMatches(true, 0, "https://", 0, 8)) {
			return 8;
		}
		return location.startsWith("//") ? 2 : -1;
	}

}
