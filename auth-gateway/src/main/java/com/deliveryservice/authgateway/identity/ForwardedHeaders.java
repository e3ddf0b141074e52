package com.deliveryservice.authgateway.identity;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway tells a backend about the client's side, rebuilt for every request:
 * incoming values count from a trusted proxy alone.
 *
 * @param forChain {@code X-Forwarded-For}: the client first
 * @param proto {@code X-Forwarded-Proto}: {@code http} or {@code https}
 * @param host {@code X-Forwarded-Host}, or {@code null} if the request named none
 * @param port {@code X-Forwarded-Port}
 * @param prefix {@code X-Forwarded-Prefix} of the proxy before us, or empty
 */
public record ForwardedHeaders(String forChain, String proto, @Nullable String host, String port, String prefix) {

	private static final Pattern HOST = Pattern
		.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

	private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]+){1,16}");

	/**
	 * The client's address, the first of the chain.
	 */
	public String clientAddress() {
		int comma = this.forChain.indexOf(',');
		return (comma < 0) ? this.forChain : this.forChain.substring(0, comma);
	}

	/**
	 * What an untrusted peer's request gets: nothing of its own words but {@code Host}.
	 * @param address the peer's
	 * @param proto of the edge
	 * @param host the request's {@code Host}, or {@code null}
	 */
	public static ForwardedHeaders ofClient(String address, String proto, @Nullable String host) {
		return new ForwardedHeaders(address, proto, host, port(host, proto), "");
	}

	/**
	 * What a trusted proxy's request gets.
	 * @param proxies whom to trust further left
	 * @param peer the proxy
	 * @param headers of the request
	 * @param proto of the edge
	 */
	public static ForwardedHeaders ofProxy(TrustedProxies proxies, InetAddress peer, HttpHeaders headers,
			String proto) {
		String chain = proxies.chain(peer, headers.getAll("X-Forwarded-For"));
		String said = single(headers, "X-Forwarded-Proto");
		String scheme = (said != null && (said.equals("http") || said.equals("https"))) ? said : proto;
		String saidHost = single(headers, "X-Forwarded-Host");
		String host = (saidHost != null && HOST.matcher(saidHost).matches()) ? saidHost : headers.get("Host");
		String saidPort = single(headers, "X-Forwarded-Port");
		String port = (saidPort != null && isPort(saidPort)) ? saidPort : port(host, scheme);
		String saidPrefix = single(headers, "X-Forwarded-Prefix");
		String prefix = (saidPrefix != null && PREFIX.matcher(saidPrefix).matches()) ? saidPrefix : "";
		return new ForwardedHeaders(chain, scheme, host, port, prefix);
	}

	private static @Nullable String single(HttpHeaders headers, String name) {
		List<String> values = headers.getAll(name);
		return (values.size() == 1) ? values.get(0).trim() : null;
	}

	private static boolean isPort(String text) {
		return text.length() <= 5 && !text.isEmpty() && text.chars().allMatch((c) -> c >= '0' && c <= '9');
	}

	private static String port(@Nullable String host, String proto) {
		int colon = (host != null) ? host.lastIndexOf(':') : -1;
		if (host != null && colon > host.lastIndexOf(']') && colon < host.length() - 1) {
			return host.substring(colon + 1);
		}
		return "https".equals(proto) ? "443" : "80";
	}

}
