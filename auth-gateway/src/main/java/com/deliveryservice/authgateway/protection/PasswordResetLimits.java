package com.deliveryservice.authgateway.protection;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.protection.WindowCounts.Limit;

/**
 * How many password resets may be asked for from one address and for one login, whether
 * somebody has it or not. Each login has one contact that a code can go to, so this
 * limits codes to a contact as well. A device that signed in before counts for itself:
 * nobody who asks for resets elsewhere can use up those of its owner.
 */
@Component
public class PasswordResetLimits {

	private final WindowCounts counts;

	private final SignedDeviceTokens devices;

	private final PasswordResetLimitSettings settings;

	PasswordResetLimits(WindowCounts counts, SignedDeviceTokens devices, PasswordResetLimitSettings settings) {
		this.counts = counts;
		this.devices = devices;
		this.settings = settings;
	}

	/**
	 * Counts one if there is room everywhere, and else nothing.
	 * @return empty if it is admitted; else how long to wait; fails with
	 * {@link com.deliveryservice.authgateway.database.DatabaseUnavailableException}
	 */
	public Mono<Duration> admit(SignInAttempt attempt) {
		byte[] asker = asker(attempt.login(), attempt.deviceToken());
		return this.counts.admit(List.of(
				new Limit(this.counts.bucket("reset address", attempt.address()), WindowCounts.HOUR,
						this.settings.perAddressAndHour()),
				new Limit(asker, WindowCounts.HOUR, this.settings.perAccountAndHour()),
				new Limit(asker, WindowCounts.DAY, this.settings.perAccountAndDay())));
	}

	private byte[] asker(String login, @Nullable String deviceToken) {
		return (deviceToken != null && this.devices.belongs(login, deviceToken))
				? this.counts.bucket("reset device", deviceToken) : this.counts.bucket("reset login", login);
	}

}
