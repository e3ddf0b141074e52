package com.deliveryservice.authgateway.chain;

import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.audit.EventSeal;
import com.deliveryservice.authgateway.key.DerivedKeys;

/**
 * The keys of the trail that this process can make by itself, from the configured
 * encryption keys. One key for events, links and checkpoints: each message begins with
 * what it is.
 */
@Component
class TrailKeys implements EventSeal {

	private static final String PURPOSE = "audit trail";

	private static final String ARCHIVE = "audit trail key ";

	private final DerivedKeys derived;

	private final MacKeys own;

	TrailKeys(DerivedKeys derived) {
		this.derived = derived;
		Map<String, byte[]> keys = new LinkedHashMap<>();
		derived.ids().forEach((id) -> keys.put(id, Objects.requireNonNull(derived.find(id, PURPOSE))));
		this.own = new MacKeys(keys);
	}

	/**
	 * The id of the key that new things are written under.
	 */
	String currentId() {
		return this.derived.currentId();
	}

	/**
	 * The current and the previous one.
	 */
	MacKeys own() {
		return this.own;
	}

	@Override
	public Mark mark(byte[] event) {
		return new Mark(currentId(), this.own.mac(currentId(), event));
	}

	/**
	 * Encrypts what has to be known of a key after it has been replaced.
	 */
	byte[] seal(String keyId, byte[] secret) {
		return this.derived.seal(secret, ARCHIVE + keyId);
	}

	/**
	 * What {@link #seal} made, again.
	 * @throws GeneralSecurityException if that cannot be opened with a key that is
	 * configured
	 */
	byte[] open(String keyId, String sealedWith, byte[] sealed) throws GeneralSecurityException {
		return this.derived.open(sealedWith, sealed, ARCHIVE + keyId);
	}

}
