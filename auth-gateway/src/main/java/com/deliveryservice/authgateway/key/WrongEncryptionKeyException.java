package com.deliveryservice.authgateway.key;

import org.jspecify.annotations.Nullable;

/**
 * The stored signing keys cannot be opened with the configured encryption key. Trying
 * again does not help.
 */
class WrongEncryptionKeyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	WrongEncryptionKeyException(@Nullable Throwable cause) {
		super("auth-gateway.keys.encryption-key: (not shown) "
				+ "(expected the key that the stored signing keys were encrypted with)", cause);
	}

}
