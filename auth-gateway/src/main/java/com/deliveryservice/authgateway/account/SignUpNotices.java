package com.deliveryservice.authgateway.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.directory.CodeHash;
import com.deliveryservice.authgateway.directory.Contact;
import com.deliveryservice.authgateway.directory.VerifiedContacts;
import com.deliveryservice.authgateway.key.Randomness;
import com.deliveryservice.authgateway.notifier.Notification;
import com.deliveryservice.authgateway.notifier.Notification.Channel;
import com.deliveryservice.authgateway.notifier.Notification.Template;
import com.deliveryservice.authgateway.notifier.Notifier;
import com.deliveryservice.authgateway.workflowauth.UserCreation;

/**
 * What a person is told about a sign-up, where there is a notifier: the code, if
 * workflow-auth sends none; and whoever has the contact already, that somebody tried.
 */
@Component
class SignUpNotices {

	private static final Logger logger = LoggerFactory.getLogger(SignUpNotices.class);

	/** How long it is worth being told. */
	private static final Duration NEWS = Duration.ofHours(1);

	private final Notifier notifier;

	private final Randomness randomness;

	private final VerifiedContacts contacts;

	private final Database database;

	private final Clock clock;

	private final SignUpCodes codes;

	SignUpNotices(Notifier notifier, Randomness randomness, VerifiedContacts contacts, Database database, Clock clock,
			SignUpCodes codes) {
		this.notifier = notifier;
		this.randomness = randomness;
		this.contacts = contacts;
		this.database = database;
		this.clock = clock;
		this.codes = codes;
	}

	/**
	 * The code of a sign-up that workflow-auth took.
	 * @return the one that it sent; one of our own, to be promised, if it gave none and
	 * there is a notifier; else {@code null}
	 */
	@Nullable Code codeOf(UserCreation creation) {
		String sent = creation.verificationCode();
		if (sent != null) {
			return SignUpCodes.isCode(sent) ? new Code(sent, false) : null;
		}
		return this.notifier.isConfigured() ? new Code(this.randomness.nextDigits(KeyedCodes.DIGITS), true) : null;
	}

	/**
	 * What is kept of a code.
	 */
	CodeHash hash(UUID signUpId, Code code) {
		return this.codes.hash(signUpId, code.digits());
	}

	/**
	 * Promises the code, if it is our own, in the transaction that makes it good.
	 */
	Mono<Void> promise(DatabaseClient client, SignUpForm form, Code code, Instant expiresAt) {
		if (!code.isOwn()) {
			return Mono.empty();
		}
		return this.notifier.promise(client, new Notification(form.contact().written(), channel(form.contact().kind()),
				Template.SIGN_UP_CODE, codeData(code.digits(), expiresAt, form.login().written())), expiresAt);
	}

	/**
	 * Tells the owner of a contact that somebody tried to sign up with it, as often as
	 * sign-ups with it are let through. Never fails: the answer does not depend on it.
	 */
	Mono<Void> userExists(SignUpForm form) {
		if (!this.notifier.isConfigured()) {
			return Mono.empty();
		}
		return this.contacts.of(form.contact())
			.map((owner) -> new Notification(owner.contact(), channel(owner.kind()), Template.USER_EXISTS,
					Map.of("login", owner.login())))
			.flatMap((notification) -> this.database.inTransaction(
					(client) -> this.notifier.promise(client, notification, this.clock.instant().plus(NEWS))))
			.onErrorResume((failure) -> {
				logger.warn("The owner of a contact is not told that somebody tried to sign up with it: {}",
						failure.toString());
				return Mono.empty();
			});
	}

	/**
	 * What goes with a code.
	 */
	static Map<String, String> codeData(String code, Instant expiresAt, String login) {
		return Map.of("code", code, "code_expires_at", expiresAt.truncatedTo(ChronoUnit.MILLIS).toString(), "login",
				login);
	}

	static Channel channel(Contact.Kind kind) {
		return switch (kind) {
			case EMAIL -> Channel.EMAIL;
			case PHONE -> Channel.PHONE;
		};
	}

	/**
	 * A code. Never prints itself.
	 *
	 * @param digits the code
	 * @param isOwn whether it is the gateway's own, and the gateway has to tell it
	 */
	record Code(String digits, boolean isOwn) {

		@Override
		public String toString() {
			return "Code[…]";
		}

	}

}
