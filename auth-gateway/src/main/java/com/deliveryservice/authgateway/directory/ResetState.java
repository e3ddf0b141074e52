package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Where a password reset stands after what was just tried.
 */
public sealed interface ResetState {

	/**
	 * The right code came: its user may have a new password.
	 *
	 * @param userId whose password
	 */
	record RightCode(UUID userId) implements ResetState {

	}

	/**
	 * The right code came again after the password was changed, and nobody is known to
	 * have been told.
	 *
	 * @param userId whose password
	 */
	record Unanswered(UUID userId) implements ResetState {

	}

	/**
	 * A wrong code came and was counted.
	 *
	 * @param attemptsLeft how many more may come; after the last, 0, it is closed
	 * @param userId whose password, or {@code null} for nobody's
	 */
	record WrongCode(int attemptsLeft, @Nullable UUID userId) implements ResetState {

	}

	/**
	 * No code helps any more.
	 *
	 * @param reason why: {@code too-many-attempts}, {@code expired}, {@code overridden}
	 * or {@code completed}
	 */
	record Closed(String reason) implements ResetState {

		/** Also for whose user is not active any more. */
		public static final Closed EXPIRED = new Closed("expired");

		/** The password is changed, and it was told. */
		public static final Closed COMPLETED = new Closed("completed");

		public static final Closed TOO_MANY_ATTEMPTS = new Closed("too-many-attempts");

	}

}
