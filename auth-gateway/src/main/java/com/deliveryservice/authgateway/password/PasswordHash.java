package com.deliveryservice.authgateway.password;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A stored password hash, written as a PHC string. With a pepper, what is stored as the
 * tag is HMAC-SHA-256 over the function's own, and {@code keyid} names the key (OWASP
 * Password Storage, post-hashing pepper). Never prints itself.
 *
 * <pre>
 * $argon2id$v=19$m=19456,t=2,p=1$salt$tag
 * $argon2id$v=19$m=19456,t=2,p=1,keyid=0123456789abcdef$salt$tag
 * $bcrypt$c=12$salt$tag
 * $pbkdf2-sha256$i=600000$salt$tag
 * </pre>
 */
public final class PasswordHash {

	private static final int HOUSE_SALT = 16;

	private static final int HOUSE_TAG = 32;

	private static final String KEY_ID = "keyid";

	private static final String LENGTH = "l";

	private static final Set<String> ARGON2 = Set.of("m", "t", "p");

	private final Derivation derivation;

	private final byte[] salt;

	private final byte[] tag;

	/** Of the function's own tag. */
	private final int length;

	private final @Nullable String keyId;

	PasswordHash(Derivation derivation, byte[] salt, byte[] tag) {
		this(derivation, salt, tag, tag.length, null);
	}

	private PasswordHash(Derivation derivation, byte[] salt, byte[] tag, int length, @Nullable String keyId) {
		this.derivation = derivation;
		this.salt = salt;
		this.tag = tag;
		this.length = length;
		this.keyId = keyId;
	}

	/**
	 * Hashes a password the way that all are meant to be.
	 * @param password in clear, in NFC
	 * @param salt 16 random bytes
	 * @param peppers whose present one is applied
	 */
	public static PasswordHash of(String password, byte[] salt, Peppers peppers) {
		if (salt.length != HOUSE_SALT) {
			throw new IllegalArgumentException("a salt has " + HOUSE_SALT + " bytes");
		}
		return new PasswordHash(Argon2.HOUSE, salt, Argon2.HOUSE.derive(password, salt, HOUSE_TAG)).with(peppers);
	}

	/**
	 * Does the work of one hash for nothing.
	 * @param password in clear
	 */
	public static void pretend(String password) {
		Argon2.HOUSE.derive(password, new byte[HOUSE_SALT], HOUSE_TAG);
	}

	/**
	 * Reads a stored one.
	 * @throws HashFormatException if it is none of ours
	 */
	public static PasswordHash parse(String stored) {
		PhcString phc = PhcString.parse(stored);
		int length = phc.parameters().containsKey(LENGTH) ? phc.number(LENGTH) : phc.tag().length;
		return new PasswordHash(derivation(phc), phc.salt(), phc.tag(), length, phc.parameters().get(KEY_ID));
	}

	/**
	 * As it is stored.
	 */
	public String encoded() {
		String parameters = this.derivation.parameters() + ((this.length != this.tag.length) ? ",l=" + this.length : "")
				+ ((this.keyId != null) ? ",keyid=" + this.keyId : "");
		return "$" + this.derivation.id() + "$" + parameters + "$" + PhcString.encode(this.salt) + "$"
				+ PhcString.encode(this.tag);
	}

	/**
	 * The same under the present pepper, if there is one. It needs no password.
	 */
	public PasswordHash with(Peppers peppers) {
		String current = peppers.currentId();
		if (current == null || this.keyId != null) {
			return this;
		}
		return new PasswordHash(this.derivation, this.salt, peppers.apply(current, this.tag), this.length, current);
	}

	/**
	 * Whether this is the password.
	 * @throws UnknownPepperException after the same work, if the key of its id is gone
	 */
	public boolean matches(String password, Peppers peppers) {
		byte[] derived = this.derivation.derive(password, this.salt, this.length);
		byte[] compared = (this.keyId != null) ? peppers.apply(this.keyId, derived) : derived;
		return MessageDigest.isEqual(compared, this.tag);
	}

	/**
	 * Whether a new one would be computed in the same way.
	 */
	public boolean isOfTheHouse() {
		return this.derivation.equals(Argon2.HOUSE) && this.length == HOUSE_TAG && this.salt.length >= HOUSE_SALT;
	}

	/**
	 * Whether it should be replaced while the password is at hand.
	 */
	public boolean isOutdated(Peppers peppers) {
		String current = peppers.currentId();
		return !isOfTheHouse() || !((current != null) ? current.equals(this.keyId) : this.keyId == null);
	}

	/**
	 * The function and its cost, such as {@code bcrypt$c=12}: hashes of one kind take the
	 * same time.
	 */
	public String kind() {
		return this.derivation.id() + "$" + this.derivation.parameters() + ",l=" + this.length;
	}

	@Nullable String tooMuch() {
		return this.derivation.tooMuch(this.length);
	}

	int saltLength() {
		return this.salt.length;
	}

	int length() {
		return this.length;
	}

	private static Derivation derivation(PhcString phc) {
		Argon2.Type type = Argon2.Type.find(phc.id());
		Pbkdf2.Digest digest = Pbkdf2.Digest.find(phc.id());
		if (type != null) {
			return argon2(type, phc);
		}
		if (digest != null) {
			return new Pbkdf2(digest, phc.number("i"));
		}
		if (Bcrypt.ID.equals(phc.id())) {
			return new Bcrypt(phc.number("c"));
		}
		throw new HashFormatException("(expected one of ours)");
	}

	static Argon2 argon2(Argon2.Type type, PhcString phc) {
		if (!phc.parameters().keySet().containsAll(ARGON2)) {
			throw new HashFormatException("Argon2 parameters (expected m, t and p)");
		}
		int version = (phc.version() != 0) ? phc.version() : 16;
		return new Argon2(type, version, phc.number("m"), phc.number("t"), phc.number("p"));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PasswordHash hash && encoded().equals(hash.encoded());
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.tag);
	}

	@Override
	public String toString() {
		return "PasswordHash[" + this.derivation.id() + "]";
	}

}
