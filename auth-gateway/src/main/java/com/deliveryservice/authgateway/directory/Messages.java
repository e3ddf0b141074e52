package com.deliveryservice.authgateway.directory;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * What is said on {@code /Auth/*} (contract/workflow-auth.md): names in any case come in,
 * camelCase goes out, and what is unknown is left out.
 */
final class Messages {

	static final JsonMapper JSON = JsonMapper.builder()
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.withCoercionConfig(LogicalType.Textual,
				(config) -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
					.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
		.build();

	private Messages() {
	}

	/**
	 * A person. Never carries a password out, and never prints one.
	 *
	 * @param login as written
	 * @param email an e-mail
	 * @param phoneNumber a phone number
	 * @param password in clear, only in a request
	 * @param userType of an answer; ignored in a request
	 */
	@JsonInclude(Include.NON_NULL)
	record UserCredentials(@Nullable String login, @Nullable String email, @Nullable String phoneNumber,
			@Nullable String password, @Nullable String userType) {

		static UserCredentials of(User user) {
			return new UserCredentials(user.login(), user.email(), user.phoneNumber(), null, user.userType());
		}

		@Override
		public String toString() {
			return "UserCredentials[…]";
		}

	}

	/**
	 * What exists.
	 *
	 * @param loginExists the login
	 * @param emailExists the e-mail
	 * @param phoneNumberExists the phone number
	 */
	record UserExistance(boolean loginExists, boolean emailExists, boolean phoneNumberExists) {

		static UserExistance of(StoredUsers.Existence existence) {
			return new UserExistance(existence.login(), existence.email(), existence.phone());
		}

	}

	/**
	 * What came of AddUser.
	 *
	 * @param isUserAdded whether a pending user was stored
	 * @param signUpGuid its id
	 * @param userExistanceBefore what existed before
	 * @param userExistanceAfter what exists now
	 * @param userType what the user will be
	 */
	@JsonInclude(Include.NON_NULL)
	record UserCreationResult(boolean isUserAdded, @Nullable String signUpGuid, UserExistance userExistanceBefore,
			UserExistance userExistanceAfter, @Nullable String userType) {

	}

	/**
	 * How a sign-up ended.
	 *
	 * @param signUpGuid which
	 * @param signUpClosingCode how
	 */
	record VSURequest(@Nullable String signUpGuid, @Nullable String signUpClosingCode) {

	}

	/**
	 * Whether that was taken.
	 *
	 * @param isSuccessful whether it was
	 */
	record VSUResponse(boolean isSuccessful) {

	}

	/**
	 * Whether a login and a password belong together.
	 *
	 * @param isVerified whether they do
	 * @param userUid whose they are
	 * @param userCredentials without the password
	 */
	@JsonInclude(Include.NON_NULL)
	record VUCResponse(boolean isVerified, @Nullable String userUid, @Nullable UserCredentials userCredentials) {

	}

	/**
	 * Asks for a session token.
	 *
	 * @param userUid whose
	 */
	record TokenRequest(@Nullable String userUid) {

	}

	/**
	 * A session token. Never prints its id.
	 *
	 * @param tokenGuid its id; empty if there is none
	 * @param tokenBeginDt when it begins
	 * @param tokenEndDt when it ends
	 * @param userType of its user
	 */
	@JsonInclude(Include.NON_NULL)
	record SessionToken(String tokenGuid, @Nullable String tokenBeginDt, @Nullable String tokenEndDt,
			@Nullable String userType) {

		@Override
		public String toString() {
			return "SessionToken[…]";
		}

	}

	/**
	 * The body of every answer that is not 2xx: workflow-auth ignores the status.
	 *
	 * @param exceptionMessage what is wrong
	 */
	record Failure(String exceptionMessage) {

	}

}
