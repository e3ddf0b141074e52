package com.deliveryservice.authgateway.identity;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whose word about a client's address counts: the proxies of the configured networks, and
 * nobody else's.
 */
@Component
public class TrustedProxies {

	private final List<Network> networks;

	public TrustedProxies(TrustedProxiesSettings settings) {
		this.networks = settings.trustedProxies()
			.stream()
			.map((text) -> Objects.requireNonNull(Network.parse(text)))
			.toList();
	}

	/**
	 * Whether the list is empty: nobody is trusted.
	 */
	public boolean isEmpty() {
		return this.networks.isEmpty();
	}

	/**
	 * Whether the peer is a trusted proxy.
	 */
	public boolean trusts(InetAddress peer) {
		return !this.networks.isEmpty() && contains(Network.unmapped(peer.getAddress()));
	}

	/**
	 * The client's address: the first untrusted hop from the right, of the peer itself
	 * and the {@code X-Forwarded-For} of trusted ones.
	 * @param peer who opened the connection
	 * @param forwardedFor every {@code X-Forwarded-For} line, in order
	 */
	public String clientAddress(InetAddress peer, List<String> forwardedFor) {
		String chain = chain(peer, forwardedFor);
		int comma = chain.indexOf(',');
		return (comma < 0) ? chain : chain.substring(0, comma);
	}

	/**
	 * {@code X-Forwarded-For} as it goes on: the client's address and the trusted hops
	 * behind it, the peer last. What stands left of the client is anybody's invention.
	 * @param peer who opened the connection
	 * @param forwardedFor every {@code X-Forwarded-For} line, in order
	 */
	public String chain(InetAddress peer, List<String> forwardedFor) {
		String chain = peer.getHostAddress();
		if (forwardedFor.isEmpty() || !trusts(peer)) {
			return chain;
		}
		String[] hops = String.join(",", forwardedFor).split(",", -1);
		for (int i = hops.length - 1; i >= 0; i--) {
			String hop = hops[i].trim();
			byte[] address = address(hop);
			if (address == null) {
				return chain;
			}
			chain = hop + ", " + chain;
			if (!contains(address)) {
				return chain;
			}
		}
		return chain;
	}

	private boolean contains(byte[] address) {
		for (Network network : this.networks) {
			if (network.contains(address)) {
				return true;
			}
		}
		return false;
	}

	private static byte @Nullable [] address(String hop) {
		return Network.address(hop);
	}

}
