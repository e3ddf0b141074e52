package com.deliveryservice.authgateway.directory;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A password reset that begins.
 *
 * @param id its id
 * @param login after {@link Login#fold}, as it was asked for
 * @param userId whose password, or {@code null}: nobody's, and no code is right
 * @param code of the code
 * @param lifetime of the code
 * @param attempts how many wrong codes close it, at least 1
 */
public record NewReset(UUID id, String login, @Nullable UUID userId, CodeHash code, Duration lifetime, int attempts) {

	@Override
	public String toString() {
		return "NewReset[" + this.id + "]";
	}

}
