package com.deliveryservice.authgateway.protection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

/**
 * The throttle over counters in PostgreSQL; what counts an attempt is its lanes.
 */
class CountedSignIns implements SignInThrottle, CodeThrottle {

	private static final int NETWORK_BYTES = 8;

	private final ThrottleCounters counters;

	private final SignedDeviceTokens devices;

	private final KeyedHash hash;

	CountedSignIns(ThrottleCounters counters, SignedDeviceTokens devices, KeyedHash hash) {
		this.counters = counters;
		this.devices = devices;
		this.hash = hash;
	}

	@Override
	public Mono<Duration> check(SignInAttempt attempt) {
		byte[] address = addressKey(attempt);
		byte[] own = ownKey(attempt);
		return this.counters.longestWait((address != null) ? List.of(own, address) : List.of(own));
	}

	@Override
	public Mono<Duration> failed(SignInAttempt attempt) {
		byte[] address = addressKey(attempt);
		Mono<Void> byAddress = (address != null) ? this.counters.fillByFailure(address) : Mono.empty();
		return byAddress.then(this.counters.failUnlessWaiting(ownKey(attempt)));
	}

	@Override
	public Mono<Duration> succeeded(SignInAttempt attempt) {
		return this.counters.forgetUnlessWaiting(ownKey(attempt));
	}

	@Override
	public Mono<Void> forget(SignInAttempt attempt) {
		Mono<Void> ofAccount = this.counters.forget(key("account", text(attempt.login())));
		return isKnownDevice(attempt) ? ofAccount.then(this.counters.forget(ownKey(attempt))) : ofAccount;
	}

	@Override
	public Mono<Duration> take(@Nullable InetAddress address) {
		return (address == null) ? Mono.empty() : this.counters.fillUnlessWaiting(key("address", network(address)));
	}

	@Override
	public Mono<Void> giveBack(@Nullable InetAddress address) {
		return (address == null) ? Mono.empty() : this.counters.emptyByOne(key("address", network(address)));
	}

	/**
	 * What counts the account's failures, or those of a device that it knows.
	 */
	private byte[] ownKey(SignInAttempt attempt) {
		return isKnownDevice(attempt) ? key("device", text(String.valueOf(attempt.deviceToken())))
				: key("account", text(attempt.login()));
	}

	/**
	 * What counts the address's failures; {@code null} for a known device, which nobody
	 * behind the same address may slow down.
	 */
	private byte @Nullable [] addressKey(SignInAttempt attempt) {
		InetAddress address = attempt.address();
		return (address == null || isKnownDevice(attempt)) ? null : key("address", network(address));
	}

	private boolean isKnownDevice(SignInAttempt attempt) {
		return this.devices.belongs(attempt.login(), attempt.deviceToken());
	}

	private byte[] key(String lane, byte[] value) {
		return this.hash.of(text(lane), value);
	}

	private static byte[] text(String value) {
		return value.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * A customer of an IPv6 provider has a /64, 2^64 addresses.
	 */
	private static byte[] network(InetAddress address) {
		byte[] bytes = address.getAddress();
		return (address instanceof Inet6Address) ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
	}

}
