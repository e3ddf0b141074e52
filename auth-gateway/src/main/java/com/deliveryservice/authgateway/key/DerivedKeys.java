package com.deliveryservice.authgateway.key;

import java.security.GeneralSecurityException;
import java.util.List;

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
	 * The ids of all keys that are configured, the current one first.
	 */
	public List<String> ids() {
		return (this.previous != null) ? List.of(this.current.id(), this.previous.id()) : List.of(this.current.id());
	}

	/**
	 * Encrypts a secret under the current encryption key.
	 * @param secret what to keep
	 * @param context what it belongs to; the same is needed to open it
	 */
	public byte[] seal(byte[] secret, String context) {
		return this.current.seal(secret, context);
	}

	/**
	 * What {@link #seal} made, again.
	 * @param id {@link #currentId()} at that time
	 * @throws GeneralSecurityException if that key is gone, or the context or a byte is
	 * another
	 */
	public byte[] open(String id, byte[] sealed, String context) throws GeneralSecurityException {
		if (id.equals(this.current.id())) {
			return this.current.open(sealed, context);
		}
		if (this.previous != null && id.equals(this.previous.id())) {
			return this.previous.open(sealed, context);
		}
		throw new GeneralSecurityException("no key " + id);
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
