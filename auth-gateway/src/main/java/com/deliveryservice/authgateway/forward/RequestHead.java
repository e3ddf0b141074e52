package com.deliveryservice.authgateway.forward;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.ForwardedHeaders;
import com.deliveryservice.authgateway.identity.IdentityHeaders;
import com.deliveryservice.authgateway.identity.RequestIds;
import com.deliveryservice.authgateway.route.Route;

/**
 * The outgoing request's head, built from nothing: request line, what the client may say,
 * what the gateway says of the client's side, and who calls, last.
 */
final class RequestHead {

	/** Our name in {@code Via}; a request that carries it comes back to us. */
	static final String PSEUDONYM = "auth-gateway";

	private static final byte[] VERSION_AND_HOST = HeadWriter.ascii(" HTTP/1.1\r\nHost: ");

	private static final byte[] CHUNKED = HeadWriter.ascii("Transfer-Encoding: chunked\r\n");

	private static final byte[] EXPECT = HeadWriter.ascii("Expect: 100-continue\r\n");

	private static final byte[] WEBSOCKET = HeadWriter.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");

	private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");

	private static final AsciiString VIA = AsciiString.cached("Via");

	private static final AsciiString FORWARDED_FOR = AsciiString.cached("X-Forwarded-For");

	private static final AsciiString FORWARDED_PROTO = AsciiString.cached("X-Forwarded-Proto");

	private static final AsciiString FORWARDED_HOST = AsciiString.cached("X-Forwarded-Host");

	private static final AsciiString FORWARDED_PORT = AsciiString.cached("X-Forwarded-Port");

	private static final AsciiString FORWARDED_PREFIX = AsciiString.cached("X-Forwarded-Prefix");

	private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);

	private RequestHead() {
	}

	/**
	 * Writes the head.
	 * @param out to append to
	 * @param forwarding the request
	 * @param assertion the signed proof; {@code null} if nobody is known
	 * @param upgrade whether it is a WebSocket handshake
	 */
	static void write(ByteBuf out, Forwarding forwarding, @Nullable String assertion, boolean upgrade) {
		HttpRequest request = forwarding.request();
		Route route = forwarding.route();
		HeadWriter head = new HeadWriter(out);
		String target = request.uri();
		head.text(request.method().asciiName()).text(" ").text(route.strip(forwarding.path()));
		if (target.length() > forwarding.path().length()) {
			out.writeCharSequence(target.subSequence(forwarding.path().length(), target.length()),
					java.nio.charset.StandardCharsets.US_ASCII);
		}
		head.bytes(VERSION_AND_HOST).text(route.upstream().authority()).end();
		copy(head, request.headers(), route.options().forwardAuthorization());
		framing(head, request.headers());
		if (upgrade) {
			head.bytes(WEBSOCKET);
		}
		client(head, forwarding);
		identity(head, forwarding, assertion);
		head.end();
	}

	/** Who calls: after everything else. */
	static void identity(FieldSink head, Forwarding forwarding, @Nullable String assertion) {
		Caller caller = forwarding.caller();
		if (caller != null && assertion != null) {
			IdentityHeaders.write(caller, assertion, head::checkedHeader);
		}
	}

	/** What the client may say. */
	static void copy(FieldSink head, HttpHeaders headers, boolean authorization) {
		Set<String> nominated = HeaderRules.nominated(headers);
		Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
		while (all.hasNext()) {
			Map.Entry<CharSequence, CharSequence> header = all.next();
			CharSequence name = header.getKey();
			if (HeaderRules.isNominated(nominated, name)) {
				continue;
			}
			if (HeaderRules.requestPasses(name)
					|| (authorization && HttpHeaderNames.AUTHORIZATION.contentEqualsIgnoreCase(name))) {
				head.header(name, header.getValue());
			}
			else if (HttpHeaderNames.COOKIE.contentEqualsIgnoreCase(name)) {
				String cookies = HeaderRules.foreignCookies(header.getValue().toString());
				if (!cookies.isEmpty()) {
					head.header(name, cookies);
				}
			}
		}
	}

	private static void framing(HeadWriter head, HttpHeaders headers) {
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null) {
			head.header(CONTENT_LENGTH, length);
		}
		else if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
			head.bytes(CHUNKED);
		}
		if (headers.contains(HttpHeaderNames.EXPECT)) {
			head.bytes(EXPECT);
		}
	}

	/** What the gateway says of the client's side. */
	static void client(FieldSink head, Forwarding forwarding) {
		ForwardedHeaders client = forwarding.client();
		head.header(FORWARDED_FOR, client.forChain()).header(FORWARDED_PROTO, client.proto());
		String host = client.host();
		if (host != null) {
			head.header(FORWARDED_HOST, host);
		}
		head.header(FORWARDED_PORT, client.port());
		String prefix = client.prefix() + forwarding.route().strippedPrefix(forwarding.path());
		if (!prefix.isEmpty()) {
			head.header(FORWARDED_PREFIX, prefix);
		}
		List<String> via = forwarding.request().headers().getAll(HttpHeaderNames.VIA);
		HttpVersion version = forwarding.request().protocolVersion();
		String own = version.majorVersion() + "." + version.minorVersion() + " " + PSEUDONYM;
		head.header(VIA, via.isEmpty() ? own : String.join(", ", via) + ", " + own);
		head.header(REQUEST_ID, forwarding.id());
	}

}
