package com.deliveryservice.authgateway.route;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Where a route leads.
 *
 * @param tls whether it is spoken to by TLS
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param http2 whether it is spoken to by HTTP/2: at once in clear text, by ALPN in TLS
 * @param others further places that serve the same; empty for none
 */
public record Upstream(boolean tls, String host, int port, boolean http2, List<Upstream> others) {

	public Upstream {
		others = List.copyOf(others);
	}

	public Upstream(boolean tls, String host, int port) {
		this(tls, host, port, false, List.of());
	}

	Upstream byHttp2() {
		return new Upstream(this.tls, this.host, this.port, true, this.others);
	}

	/**
	 * As a {@code Host} header names it: without the scheme's default port.
	 */
	public String authority() {
		String name = (this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host;
		return (this.port == (this.tls ? 443 : 80)) ? name : name + ":" + this.port;
	}

	/**
	 * Reads {@code http(s)://host[:port]}, or several, with commas between them and all
	 * by the same scheme, and by TLS of the same host.
	 * @param text the configured value
	 * @return the upstream, or {@code null} if it is anything else: with a path, a query,
	 * user information, no host
	 */
	static @Nullable Upstream parse(String text) {
		List<Upstream> all = new ArrayList<>();
		for (String part : text.split(",", -1)) {
			Upstream one = parseOne(part.strip());
			if (one == null || all.contains(one) || (!all.isEmpty() && !goTogether(all.get(0), one))) {
				return null;
			}
			all.add(one);
		}
		Upstream first = all.get(0);
		return new Upstream(first.tls(), first.host(), first.port(), false, all.subList(1, all.size()));
	}

	/** One certificate's name is verified, so by TLS it has to be the same host. */
	private static boolean goTogether(Upstream first, Upstream other) {
		return first.tls() == other.tls() && (!first.tls() || first.host().equals(other.host()));
	}

	private static @Nullable Upstream parseOne(String text) {
		try {
			URI uri = new URI(text);
			boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null
					&& (uri.getRawPath() == null || uri.getRawPath().isEmpty() || "/".equals(uri.getRawPath()));
			String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
			boolean tls = scheme.equals("https");
			if (!bare || uri.getHost() == null || !(tls || scheme.equals("http")) || uri.getPort() > 65535
					|| uri.getPort() == 0) {
				return null;
			}
			String host = uri.getHost().replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
			return new Upstream(tls, host, (uri.getPort() > 0) ? uri.getPort() : tls ? 443 : 80);
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		String first = (this.tls ? "https://" : "http://") + authority();
		return this.others.isEmpty() ? first
				: first + this.others.stream().map((other) -> "," + other).collect(Collectors.joining());
	}

}
