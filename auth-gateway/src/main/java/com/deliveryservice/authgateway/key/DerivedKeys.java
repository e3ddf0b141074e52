package com.deliveryservice.authgateway.key;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Secrets for one purpose each, derived from the encryption keys and stored nowhere: all
 * replicas have the same.
 */
@Component
public class DerivedKeys {

	private final EncryptionKey current;

	private final @Nullable EncryptionKey previous;

	public DerivedKeys(KeySettings settings) {
		this.current = settings.currentKey();
		this.previous = settings.previousKey();
	}

	/**
	 * The id of the key that new things are derived with.
	 */
	public String currentId() {
		return this.current.id();
	}

	/**
	 * The 32 bytes for a purpose.
	 * @param id as {@link #currentId()} gave it, now or before the encryption key was
	 * changed
	 * @param purpose fixed words, of their own for each use
	 * @return the secret, or {@code null} if the key of this id is gone
	 */
	public byte @Nullable [] find(String id, String purpose) {
		if (id.equals(this.current.id())) {
			return this.current.derive(purpose);
		}
		return (this.previous != null && id.equals(this.previous.id())) ? this.previous.derive(purpose) : null;
	}

}
