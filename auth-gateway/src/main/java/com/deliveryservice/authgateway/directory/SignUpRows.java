package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import io.r2dbc.spi.Readable;

import com.deliveryservice.authgateway.directory.SignUpState.Closed;
import com.deliveryservice.authgateway.directory.SignUpState.Completed;
import com.deliveryservice.authgateway.directory.SignUpState.Reason;
import com.deliveryservice.authgateway.directory.SignUpState.RightCode;
import com.deliveryservice.authgateway.directory.SignUpState.Waiting;
import com.deliveryservice.authgateway.directory.SignUpState.WrongCode;

/**
 * What the rows of {@link SignUps}' statements say.
 */
final class SignUpRows {

	private SignUpRows() {
	}

	static SignUpState guessed(Readable row) {
		int attempts = StoredUsers.column(row, "attempts", Integer.class);
		if (StoredUsers.column(row, "is_right", Boolean.class)) {
			return new RightCode(StoredUsers.column(row, "sign_up_guid", String.class), attempts + 1,
					StoredUsers.column(row, "user_added", Boolean.class));
		}
		return new WrongCode(StoredUsers.column(row, "attempts_allowed", Integer.class) - attempts);
	}

	static SignUpState repeated(Readable row) {
		return StoredUsers.column(row, "is_right", Boolean.class) ? completed(row) : new Closed(Reason.COMPLETED);
	}

	static Completed completed(Readable row) {
		return new Completed(StoredUsers.column(row, "user_id", UUID.class));
	}

	static SignUpState stateOf(Readable row) {
		return switch (StoredUsers.column(row, "state", String.class)) {
			case "completed" -> new Closed(Reason.COMPLETED);
			case "closed" -> new Closed(Reason.of(StoredUsers.column(row, "closed_reason", String.class)));
			default -> StoredUsers.column(row, "expired", Boolean.class) ? new Closed(Reason.EXPIRED) : new Waiting();
		};
	}

}
