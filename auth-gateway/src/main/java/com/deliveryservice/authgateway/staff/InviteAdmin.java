package com.deliveryservice.authgateway.staff;

import java.time.Duration;

import com.deliveryservice.authgateway.command.Command;
import com.deliveryservice.authgateway.command.CommandDescription;
import com.deliveryservice.authgateway.command.CommandException;
import com.deliveryservice.authgateway.command.CommandOptions;
import com.deliveryservice.authgateway.command.Outcome;
import com.deliveryservice.authgateway.command.Terminal;

import reactor.core.publisher.Mono;

/**
 * {@code invite-admin}: what a start does by itself, on demand.
 */
@CommandDescription(name = "invite-admin",
		summary = "Prints an invitation for the first admin (one use, one hour), as long as there never was one")
class InviteAdmin implements Command {

	private final AdminInvitation invitation;

	InviteAdmin(AdminInvitation invitation) {
		this.invitation = invitation;
	}

	@Override
	public Mono<Outcome> run(CommandOptions options, Terminal terminal) {
		return this.invitation.give(Duration.ZERO)
			.switchIfEmpty(Mono.error(() -> CommandException
				.failed("There is or was an admin: further ones are invited by admins (POST /auth/invitations)")))
			.doOnNext((secret) -> terminal.result(AdminInvitation.LINE + secret))
			.thenReturn(Outcome.DONE);
	}

}
