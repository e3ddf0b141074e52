package com.deliveryservice.authgateway.directory;

import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.directory.Messages.SessionToken;
import com.deliveryservice.authgateway.directory.Messages.TokenRequest;
import com.deliveryservice.authgateway.directory.Messages.UserCreationResult;
import com.deliveryservice.authgateway.directory.Messages.UserCredentials;
import com.deliveryservice.authgateway.directory.Messages.UserExistance;
import com.deliveryservice.authgateway.directory.Messages.VSURequest;
import com.deliveryservice.authgateway.directory.Messages.VSUResponse;
import com.deliveryservice.authgateway.directory.Messages.VUCResponse;
import com.deliveryservice.authgateway.directory.PendingUsers.Added;
import com.deliveryservice.authgateway.directory.SignUpState.Reason;
import com.deliveryservice.authgateway.directory.StoredUsers.Existence;

/**
 * The operations of the company's auth backend (contract/workflow-auth.md), which
 * workflow-auth calls. An expected refusal is a plain {@code false}.
 */
@Component
class AuthBackend {

	private static final VUCResponse NOT_VERIFIED = new VUCResponse(false, null, null);

	private static final SessionToken NO_TOKEN = new SessionToken("", null, null, null);

	private static final int LONGEST_PASSWORD = 1024;

	private static final int LONGEST_GUID = 100;

	private final StoredUsers users;

	private final CountedCredentials credentials;

	private final PasswordHashing hashing;

	private final PendingUsers pendingUsers;

	private final Promotion promotion;

	private final DelegatedTokens tokens;

	AuthBackend(StoredUsers users, CountedCredentials credentials, PasswordHashing hashing, PendingUsers pendingUsers,
			Promotion promotion, DelegatedTokens tokens) {
		this.users = users;
		this.credentials = credentials;
		this.hashing = hashing;
		this.pendingUsers = pendingUsers;
		this.promotion = promotion;
		this.tokens = tokens;
	}

	Mono<UserExistance> checkUserExistance(UserCredentials asked) {
		return this.users
			.existence(Login.parse(asked.login()), Contact.email(asked.email()), Contact.phone(asked.phoneNumber()))
			.map(UserExistance::of);
	}

	/**
	 * Stores a pending user unless a user has the login or the contact to verify. The
	 * user type on the wire is not looked at.
	 */
	Mono<UserCreationResult> addUser(UserCredentials asked) {
		Login login = Login.parse(asked.login());
		Contact email = Contact.email(asked.email());
		boolean noEmail = asked.email() == null || asked.email().isBlank();
		Contact phone = noEmail ? Contact.phone(asked.phoneNumber()) : null;
		Contact contact = Contact.toVerify(email, phone);
		String password = asked.password();
		if (login == null || contact == null || password == null || password.isEmpty()
				|| password.length() > LONGEST_PASSWORD) {
			return Mono.error(new MalformedMessageException("a login, a contact and a password are needed"));
		}
		return this.users.existence(login, email, phone)
			.flatMap((existence) -> existence.any() ? Mono.just(refused(existence))
					: this.pendingUsers.admit(login, contact)
						.then(Mono.defer(() -> this.hashing.hash(password)))
						.flatMap((hash) -> this.pendingUsers.add(login, contact, hash))
						.map(AuthBackend::added));
	}

	/**
	 * Closes a sign-up, as a success only if the gateway itself saw the right code.
	 */
	Mono<VSUResponse> verifySignUp(VSURequest asked) {
		String guid = asked.signUpGuid();
		if (guid == null || guid.isBlank() || asked.signUpClosingCode() == null) {
			return Mono.error(new MalformedMessageException("a signUpGuid and a signUpClosingCode are needed"));
		}
		if (guid.length() > LONGEST_GUID || guid.indexOf('\0') >= 0) {
			return Mono.just(new VSUResponse(false));
		}
		Mono<Boolean> done = switch (asked.signUpClosingCode()) {
			case "Success" -> this.promotion.promote(guid);
			case "TooManyTries" -> this.promotion.close(guid, Reason.TOO_MANY_ATTEMPTS);
			case "Overriden" -> this.promotion.close(guid, Reason.OVERRIDDEN);
			case "Timeout", "Cancelled", "RejectedToProvideVC" -> this.promotion.close(guid, Reason.EXPIRED);
			default -> Mono.error(new MalformedMessageException("an unknown signUpClosingCode"));
		};
		return done.map(VSUResponse::new);
	}

	Mono<VUCResponse> verifyUserCredentials(UserCredentials asked) {
		return this.credentials.verify(asked.login(), asked.password())
			.map((user) -> new VUCResponse(true, user.id().toString(), UserCredentials.of(user)))
			.defaultIfEmpty(NOT_VERIFIED);
	}

	Mono<SessionToken> getTokenByUserUid(TokenRequest asked) {
		@Nullable UUID userId = PendingUsers.uuid(asked.userUid());
		return Mono.justOrEmpty(userId)
			.flatMap(this.tokens::issue)
			.map((token) -> new SessionToken(token.guid().toString(), token.beginsAt().toString(),
					token.endsAt().toString(), token.userType()))
			.defaultIfEmpty(NO_TOKEN);
	}

	private static UserCreationResult refused(Existence existence) {
		UserExistance existance = UserExistance.of(existence);
		return new UserCreationResult(false, null, existance, existance, null);
	}

	private static UserCreationResult added(Added added) {
		UserExistance none = UserExistance.of(Existence.NONE);
		return new UserCreationResult(true, added.guid().toString(), none, none, added.userType());
	}

}
