package com.deliveryservice.authgateway.directory;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.Messages.TokenRequest;
import com.deliveryservice.authgateway.directory.Messages.UserCredentials;
import com.deliveryservice.authgateway.directory.Messages.VSURequest;

/**
 * The auth backend's operations for a stand-in of workflow-auth in the same JVM.
 */
public final class Callbacks {

	private final AuthBackend backend;

	Callbacks(AuthBackend backend) {
		this.backend = backend;
	}

	public static Callbacks of(BeanFactory beans) {
		return new Callbacks(beans.getBean(AuthBackend.class));
	}

	/**
	 * The guid of the pending user, or empty if somebody exists.
	 */
	public Mono<String> addUser(String login, @Nullable String email, @Nullable String phone, String password) {
		return this.backend.addUser(new UserCredentials(login, email, phone, password, "admin"))
			.flatMap((result) -> Mono.justOrEmpty(result.signUpGuid()));
	}

	public Mono<Boolean> verifySignUp(String guid, String closingCode) {
		return this.backend.verifySignUp(new VSURequest(guid, closingCode)).map((response) -> response.isSuccessful());
	}

	/**
	 * The user's id, or empty.
	 */
	public Mono<String> verifyUserCredentials(String login, String password) {
		return this.backend.verifyUserCredentials(new UserCredentials(login, null, null, password, null))
			.flatMap((response) -> Mono.justOrEmpty(response.userUid()));
	}

	Mono<Messages.SessionToken> token(String userUid) {
		return this.backend.getTokenByUserUid(new TokenRequest(userUid));
	}

	/**
	 * Threads that hash, which the caller closes.
	 */
	public static PasswordHashing newHashing() {
		return Accounts.newHashing();
	}

}
