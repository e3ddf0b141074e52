package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.database.DatabaseUnavailableException;
import com.deliveryservice.authgateway.protection.DeviceLane.Answer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

/**
 * The throttle over counters in PostgreSQL; what counts an attempt is its lane.
 */
class CountedSignIns implements SignInThrottle, CodeThrottle {

	/** A sign-in has to be refused within a second when the database is away. */
	static final Duration DEADLINE = Duration.ofMillis(900);

	private final DeviceLane deviceLane;

	private final OpenLane openLane;

	private final AddressBucket addresses;

	private final Function<SignInAttempt, LaneKeys> keys;

	private final Counter refused;

	private final Duration deadline;

	CountedSignIns(DeviceLane deviceLane, OpenLane openLane, AddressBucket addresses,
			Function<SignInAttempt, LaneKeys> keys, MeterRegistry meters, Duration deadline) {
		this.deviceLane = deviceLane;
		this.openLane = openLane;
		this.addresses = addresses;
		this.keys = keys;
		this.deadline = deadline;
		this.refused = Counter.builder("auth_gateway.protection.throttled")
			.description("Attempts at a password that were told to wait")
			.register(meters);
	}

	@Override
	public Mono<Duration> check(SignInAttempt attempt) {
		return inLane(attempt, this.deviceLane::check, this.openLane::check);
	}

	@Override
	public Mono<Duration> failed(SignInAttempt attempt) {
		return inLane(attempt, this.deviceLane::failed, this.openLane::failed);
	}

	@Override
	public Mono<Duration> succeeded(SignInAttempt attempt) {
		return inLane(attempt, this.deviceLane::succeeded, this.openLane::succeeded);
	}

	@Override
	public Mono<Void> forget(SignInAttempt attempt) {
		LaneKeys of = this.keys.apply(attempt);
		byte[] device = of.device();
		Mono<Void> ofAccount = this.openLane.forget(of);
		return soon((device != null) ? ofAccount.then(this.deviceLane.forget(device)) : ofAccount);
	}

	@Override
	public Mono<Duration> take(@Nullable InetAddress address) {
		byte[] key = key(address);
		return (key == null) ? Mono.empty()
				: soon(this.addresses.take(key)).doOnNext((wait) -> this.refused.increment());
	}

	@Override
	public Mono<Void> giveBack(@Nullable InetAddress address) {
		byte[] key = key(address);
		return (key == null) ? Mono.empty() : soon(this.addresses.giveBack(key));
	}

	private Mono<Duration> inLane(SignInAttempt attempt, Function<byte[], Mono<Answer>> ofDevice,
			Function<LaneKeys, Mono<Duration>> open) {
		LaneKeys of = this.keys.apply(attempt);
		byte[] device = of.device();
		Mono<Duration> answer = (device == null) ? open.apply(of) : ofDevice.apply(device)
			.flatMap((told) -> told.isTrusted() ? Mono.justOrEmpty(told.toWait()) : open.apply(of));
		return soon(answer).doOnNext((wait) -> this.refused.increment());
	}

	private byte @Nullable [] key(@Nullable InetAddress address) {
		return this.keys.apply(new SignInAttempt("", address, null)).address();
	}

	private <T> Mono<T> soon(Mono<T> answer) {
		return answer.timeout(this.deadline).onErrorMap(TimeoutException.class, DatabaseUnavailableException::new);
	}

}
