package com.deliveryservice.authgateway.workflowauth;

import java.time.Instant;
import java.util.UUID;

/**
 * workflow-auth's session token. Never prints its id: only a digest of it is stored.
 *
 * @param tokenGuid its id, a secret
 * @param beginsAt when it begins
 * @param endsAt when it ends, after its begin
 */
public record SessionToken(UUID tokenGuid, Instant beginsAt, Instant endsAt) {

	@Override
	public String toString() {
		return "SessionToken[endsAt=" + this.endsAt + "]";
	}

}
