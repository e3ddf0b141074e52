package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A sign-up that begins. What it says about the user is all that will ever be believed
 * about the user.
 *
 * @param login the login
 * @param contact the contact to verify
 * @param email the e-mail as written, or {@code null}
 * @param phoneNumber the phone number, or {@code null}
 * @param userType what the user will be
 * @param invitationId what allows that, or {@code null} for a customer without one
 * @param attempts how many wrong codes close it, at least 1
 */
public record NewSignUp(Login login, Contact contact, @Nullable String email, @Nullable String phoneNumber,
		String userType, @Nullable UUID invitationId, int attempts) {

}
