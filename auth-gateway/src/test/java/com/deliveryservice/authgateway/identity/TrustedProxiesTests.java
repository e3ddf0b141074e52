package com.deliveryservice.authgateway.identity;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TrustedProxiesTests {

	private final TrustedProxies proxies = proxies("10.0.0.0/8", "fd00::/8", "192.0.2.1");

	private static TrustedProxies proxies(String... networks) {
		return new TrustedProxies(new TrustedProxiesSettings(List.of(networks)));
	}

	private static InetAddress address(String text) throws UnknownHostException {
		return InetAddress.getByName(text);
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0, true", "10.255.255.255, true", "11.0.0.0, false", "fd12::1, true", "fe80::1, false",
			"192.0.2.1, true", "192.0.2.2, false" })
	void onlyTheConfiguredNetworksAreTrusted(String peer, boolean trusted) throws UnknownHostException {
		assertThat(this.proxies.trusts(address(peer))).isEqualTo(trusted);
	}

	@Test
	void anEmptyListTrustsNobody() throws UnknownHostException {
		assertThat(proxies().trusts(address("127.0.0.1"))).isFalse();
		assertThat(proxies().clientAddress(address("127.0.0.1"), List.of("1.1.1.1"))).isEqualTo("127.0.0.1");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "1.1.1.1 | 1.1.1.1 | 1.1.1.1, 10.0.0.1", "6.6.6.6, 1.1.1.1 | 1.1.1.1 | 1.1.1.1, 10.0.0.1",
					"6.6.6.6, 1.1.1.1, 10.9.9.9 | 1.1.1.1 | 1.1.1.1, 10.9.9.9, 10.0.0.1",
					"10.2.2.2 | 10.2.2.2 | 10.2.2.2, 10.0.0.1", "1.1.1.1, nonsense | 10.0.0.1 | 10.0.0.1",
					"1.1.1.1, unknown, 10.2.2.2 | 10.2.2.2 | 10.2.2.2, 10.0.0.1",
					"2001:db8::7 | 2001:db8::7 | 2001:db8::7, 10.0.0.1",
					"1.1.1.1,, 10.2.2.2 | 10.2.2.2 | 10.2.2.2, 10.0.0.1" })
	void theClientIsTheFirstUntrustedHopFromTheRight(String header, String client, String chain)
			throws UnknownHostException {
		assertThat(this.proxies.clientAddress(address("10.0.0.1"), List.of(header))).isEqualTo(client);
		assertThat(this.proxies.chain(address("10.0.0.1"), List.of(header))).isEqualTo(chain);
	}

	@Test
	void anUntrustedPeerIsTheClientWhateverItSays() throws UnknownHostException {
		assertThat(this.proxies.clientAddress(address("203.0.113.9"), List.of("10.0.0.1"))).isEqualTo("203.0.113.9");
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "proxy.example", "fd00::/129", "" })
	void whatIsNoNetworkStopsTheStart(String network) {
		assertThatIllegalArgumentException().isThrownBy(() -> proxies(network))
			.withMessageStartingWith("auth-gateway.trusted-proxies: " + network + " (expected ");
	}

	@ParameterizedTest
	@CsvSource({ "X-Auth-User-Id, true", "x_auth_user_id, true", "X.AUTH_x, true", "X-Auth-, true", "X-Auth, false",
			"X-Authority, false", "XX-Auth-User, false", "Authorization, false" })
	void everySpellingOfTheReservedPrefixIsKnown(String name, boolean reserved) {
		assertThat(ReservedHeaders.isIdentity(name)).isEqualTo(reserved);
	}

}
