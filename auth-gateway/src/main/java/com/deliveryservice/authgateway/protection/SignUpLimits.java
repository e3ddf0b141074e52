package com.deliveryservice.authgateway.protection;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.protection.WindowCounts.Limit;

/**
 * How many sign-ups may come from one address and go to one contact: a code costs money
 * and annoys, and the answer tells whether somebody exists.
 */
@Component
public class SignUpLimits {

	private static final String CONTACT = "contact";

	private final WindowCounts counts;

	private final SignUpLimitSettings settings;

	SignUpLimits(WindowCounts counts, SignUpLimitSettings settings) {
		this.counts = counts;
		this.settings = settings;
	}

	/**
	 * Counts a sign-up if there is room everywhere, and else nothing.
	 * @param address the client's, or {@code null} if it is not known
	 * @param contact the normalised contact to verify
	 * @return empty if it is admitted; else how long to wait
	 */
	public Mono<Duration> admit(@Nullable InetAddress address, String contact) {
		byte[] ofContact = this.counts.bucket(CONTACT, contact);
		return this.counts.admit(List.of(
				new Limit(this.counts.bucket("address", address), WindowCounts.HOUR, this.settings.perAddressAndHour()),
				new Limit(ofContact, WindowCounts.HOUR, this.settings.perContactAndHour()),
				new Limit(ofContact, WindowCounts.DAY, this.settings.perContactAndDay())));
	}

	/**
	 * Counts a pending user that workflow-auth wants stored and that belongs to no
	 * sign-up here: it can never become a user, but costs a hash and a row.
	 * @return empty if it is admitted; else how long to wait
	 */
	public Mono<Duration> admitForeign() {
		return this.counts.admit(List
			.of(new Limit(this.counts.bucket("foreign", ""), WindowCounts.HOUR, this.settings.perAddressAndHour())));
	}

	/**
	 * No code was sent to the contact after all. What the address asked stays counted.
	 */
	public Mono<Void> giveBack(String contact) {
		return this.counts.giveBack(this.counts.bucket(CONTACT, contact));
	}

}
