package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import io.r2dbc.spi.Readable;

import com.deliveryservice.authgateway.directory.ResetState.Closed;
import com.deliveryservice.authgateway.directory.ResetState.RightCode;
import com.deliveryservice.authgateway.directory.ResetState.Unanswered;
import com.deliveryservice.authgateway.directory.ResetState.WrongCode;

/**
 * What the rows of {@link PasswordResets}' statements say.
 */
final class ResetRows {

	private ResetRows() {
	}

	static ResetState guessed(Readable row) {
		UUID user = row.get("user_id", UUID.class);
		if (StoredUsers.column(row, "is_right", Boolean.class) && user != null) {
			return new RightCode(user);
		}
		return new WrongCode(StoredUsers.column(row, "attempts_allowed", Integer.class)
				- StoredUsers.column(row, "attempts", Integer.class), user);
	}

	static ResetState repeated(Readable row) {
		return StoredUsers.column(row, "is_right", Boolean.class)
				? new Unanswered(StoredUsers.column(row, "user_id", UUID.class)) : Closed.COMPLETED;
	}

	/** One that is open and was not changed has expired. */
	static Closed closed(Readable row) {
		return switch (StoredUsers.column(row, "state", String.class)) {
			case "completed" -> Closed.COMPLETED;
			case "closed" -> new Closed(StoredUsers.column(row, "closed_reason", String.class));
			default -> Closed.EXPIRED;
		};
	}

}
