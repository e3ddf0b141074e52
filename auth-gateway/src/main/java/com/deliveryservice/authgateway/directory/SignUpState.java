package com.deliveryservice.authgateway.directory;

import java.util.UUID;

/**
 * Where a sign-up stands after what was just tried.
 */
public sealed interface SignUpState {

	/**
	 * The right code came, now or earlier.
	 *
	 * @param signUpGuid workflow-auth's id of it
	 * @param tries how many codes were tried, the right one among them
	 * @param userAdded whether the pending user has become a user already
	 */
	record RightCode(String signUpGuid, int tries, boolean userAdded) implements SignUpState {

	}

	/**
	 * A wrong code came and was counted.
	 *
	 * @param attemptsLeft how many more may come; after the last, 0, it is closed
	 */
	record WrongCode(int attemptsLeft) implements SignUpState {

	}

	/**
	 * The user is there, and this is the one time that it is told; or it was told before,
	 * as far as anybody knows to nobody.
	 *
	 * @param userId whom the sign-up made
	 */
	record Completed(UUID userId) implements SignUpState {

	}

	/**
	 * The user is not there yet.
	 */
	record Waiting() implements SignUpState {

	}

	/**
	 * No code helps any more.
	 *
	 * @param reason why
	 */
	record Closed(Reason reason) implements SignUpState {

	}

	/**
	 * Why a sign-up is closed.
	 */
	enum Reason {

		TOO_MANY_ATTEMPTS("too-many-attempts"), EXPIRED("expired"), OVERRIDDEN("overridden"),
		/** The user is there, and it was told. */
		COMPLETED("completed"),
		/** Somebody else verified the login or the contact meanwhile. */
		USER_EXISTS("user-exists"),
		/** The invitation was used or became void meanwhile. */
		NOT_ALLOWED("not-allowed");

		private final String word;

		Reason(String word) {
			this.word = word;
		}

		/**
		 * Its name in the table and, for the first four, in the API.
		 */
		public String word() {
			return this.word;
		}

		static Reason of(String word) {
			for (Reason reason : values()) {
				if (reason.word.equals(word)) {
					return reason;
				}
			}
			throw new IllegalStateException("unknown reason " + word);
		}

	}

}
