package com.deliveryservice.authgateway.account;

import com.deliveryservice.authgateway.account.TokenAnswer.SignedInUser;
import com.deliveryservice.authgateway.directory.User;
import com.deliveryservice.authgateway.identity.UserType;
import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.key.PublicKeys;
import com.deliveryservice.authgateway.protection.DeviceTokens;
import com.deliveryservice.authgateway.session.OpenSession;
import com.deliveryservice.authgateway.token.AccessToken;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.KeysUnavailableException;
import org.springframework.stereotype.Component;

/**
 * Makes the token response for a session that was opened or renewed just now.
 */
@Component
class TokenAnswers {

	private final AccessTokens accessTokens;

	private final DeviceTokens deviceTokens;

	private final UserTypes userTypes;

	private final PublicKeys keys;

	TokenAnswers(AccessTokens accessTokens, DeviceTokens deviceTokens, UserTypes userTypes, PublicKeys keys) {
		this.accessTokens = accessTokens;
		this.deviceTokens = deviceTokens;
		this.userTypes = userTypes;
		this.keys = keys;
	}

	/**
	 * Refuses while no token could be minted: asked before a session is opened or
	 * renewed, so that neither happens for nothing.
	 * @throws KeysUnavailableException while no key could be loaded
	 */
	void requireKeys() {
		if (!this.keys.areLoaded()) {
			throw new KeysUnavailableException();
		}
	}

	/**
	 * Whether the session's user type is still one of the company's.
	 */
	boolean isAnswerable(OpenSession open) {
		return this.userTypes.find(open.session().userType()) != null;
	}

	/**
	 * The answer for a live session of this user.
	 */
	TokenAnswer answer(OpenSession open, User user, String normalizedLogin) {
		UserType type = this.userTypes.find(open.session().userType());
		if (type == null) {
			throw new IllegalStateException("No such user type: " + open.session().userType());
		}
		AccessToken accessToken = this.accessTokens.mint(open.session());
		return new TokenAnswer(accessToken.value(), "Bearer", accessToken.expiresIn().toSeconds(),
				open.refreshToken().value(), open.refreshExpiresIn().toSeconds(), type.scope(), open.session().id(),
				this.deviceTokens.issue(normalizedLogin, open.session().id()),
				new SignedInUser(user.id(), user.login(), user.userType()));
	}

}
