package com.deliveryservice.authgateway.password;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads password hashes as other systems write them: Argon2 and PBKDF2 as PHC strings,
 * bcrypt, PBKDF2 of passlib and Django, ASP.NET Core Identity v3. What would cost too
 * much at a sign-in is refused.
 */
public final class ForeignHashes {

	private static final String KNOWN = "(expected Argon2, bcrypt, PBKDF2 or ASP.NET Identity v3)";

	private static final int LONGEST = 512;

	private static final int LEAST_SALT = 8;

	private static final int MOST_SALT = 64;

	private static final int LEAST_TAG = 16;

	private static final int MOST_TAG = 64;

	/** {@code $2b$10$} and 22 and 31 characters of bcrypt's own base64. */
	private static final Pattern BCRYPT = Pattern
		.compile("\\$2[aby]\\$(\\d{2})\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");

	/** {@code $pbkdf2-sha256$29000$salt$hash}, with a dot for the plus. */
	private static final Pattern PASSLIB = Pattern
		.compile("\\$pbkdf2(-sha256|-sha512|)\\$(\\d{1,9})\\$([./A-Za-z0-9]+)\\$([./A-Za-z0-9]+)");

	/** {@code pbkdf2_sha256$600000$salt$hash}; the salt is text. */
	private static final Pattern DJANGO = Pattern
		.compile("pbkdf2_(sha256|sha1)\\$(\\d{1,9})\\$([!-#%-~]+)\\$([+/A-Za-z0-9]+={0,2})");

	private static final Pattern BASE64 = Pattern.compile("[+/A-Za-z0-9]+={0,2}");

	private static final byte ASP_NET_V3 = 1;

	private static final int ASP_NET_HEAD = 13;

	private static final String BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	private ForeignHashes() {
	}

	/**
	 * Reads one.
	 * @throws HashFormatException if it is none that is known, or would cost too much;
	 * the message holds nothing of it but its cost
	 */
	public static PasswordHash parse(String text) {
		if (text.length() > LONGEST) {
			throw new HashFormatException("too long " + KNOWN);
		}
		PasswordHash hash = read(text);
		String tooMuch = hash.tooMuch();
		if (tooMuch != null) {
			throw new HashFormatException(tooMuch);
		}
		if (hash.saltLength() < LEAST_SALT || hash.saltLength() > MOST_SALT) {
			throw new HashFormatException("salt of " + hash.saltLength() + " bytes (expected 8 to 64)");
		}
		if (hash.length() < LEAST_TAG || hash.length() > MOST_TAG) {
			throw new HashFormatException("hash of " + hash.length() + " bytes (expected 16 to 64)");
		}
		return hash;
	}

	private static PasswordHash read(String text) {
		Matcher bcrypt = BCRYPT.matcher(text);
		if (bcrypt.matches()) {
			return new PasswordHash(new Bcrypt(Integer.parseInt(bcrypt.group(1))), fromBcrypt(bcrypt.group(2)),
					fromBcrypt(bcrypt.group(3)));
		}
		Matcher passlib = PASSLIB.matcher(text);
		if (passlib.matches()) {
			return pbkdf2(passlib.group(1).isEmpty() ? "-sha1" : passlib.group(1), passlib.group(2),
					PhcString.decode(passlib.group(3).replace('.', '+')), passlib.group(4).replace('.', '+'));
		}
		Matcher django = DJANGO.matcher(text);
		if (django.matches()) {
			return pbkdf2("-" + django.group(1), django.group(2), django.group(3).getBytes(StandardCharsets.US_ASCII),
					django.group(4));
		}
		if (text.startsWith("$")) {
			return phc(PhcString.parse(text));
		}
		return aspNet(BASE64.matcher(text).matches() ? PhcString.decode(text) : new byte[0]);
	}

	private static PasswordHash pbkdf2(String digest, String iterations, byte[] salt, String tag) {
		return new PasswordHash(new Pbkdf2(known(Pbkdf2.Digest.find("pbkdf2" + digest)), Integer.parseInt(iterations)),
				salt, PhcString.decode(tag));
	}

	/**
	 * No other parameters: a secret or data of somebody else's Argon2 is not to be had.
	 */
	private static PasswordHash phc(PhcString phc) {
		Argon2.Type type = Argon2.Type.find(phc.id());
		Pbkdf2.Digest digest = Pbkdf2.Digest.find(phc.id());
		Set<String> allowed = (type != null) ? Set.of("m", "t", "p") : Set.of("i", "l");
		if ((type == null && digest == null) || !allowed.containsAll(phc.parameters().keySet())) {
			throw new HashFormatException("$" + phc.id() + "$ with " + phc.parameters().keySet() + " " + KNOWN);
		}
		if (phc.parameters().containsKey("l") && phc.number("l") != phc.tag().length) {
			throw new HashFormatException("parameter l (expected the length of the hash)");
		}
		Derivation derivation = (type != null) ? PasswordHash.argon2(type, phc)
				: new Pbkdf2(known(digest), phc.number("i"));
		return new PasswordHash(derivation, phc.salt(), phc.tag());
	}

	/**
	 * ASP.NET Core Identity v3: a marker, and as 32-bit numbers the digest, the
	 * iterations and the salt's length; then salt and subkey.
	 */
	private static PasswordHash aspNet(byte[] bytes) {
		if (bytes.length <= ASP_NET_HEAD || bytes[0] != ASP_NET_V3) {
			throw new HashFormatException(KNOWN);
		}
		ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
		int digest = buffer.getInt();
		int iterations = buffer.getInt();
		int saltLength = buffer.getInt();
		if (saltLength < 0 || saltLength > buffer.remaining()) {
			throw new HashFormatException("ASP.NET Identity v3 (expected a salt and a subkey)");
		}
		byte[] salt = new byte[saltLength];
		buffer.get(salt);
		byte[] subkey = new byte[buffer.remaining()];
		buffer.get(subkey);
		return new PasswordHash(new Pbkdf2(aspNetDigest(digest), iterations), salt, subkey);
	}

	private static Pbkdf2.Digest aspNetDigest(int number) {
		return switch (number) {
			case 0 -> Pbkdf2.Digest.SHA1;
			case 1 -> Pbkdf2.Digest.SHA256;
			case 2 -> Pbkdf2.Digest.SHA512;
			default -> throw new HashFormatException("ASP.NET Identity v3 (expected a digest of 0 to 2)");
		};
	}

	/**
	 * The bits are as in base64, the letters are not.
	 */
	private static byte[] fromBcrypt(String text) {
		StringBuilder base64 = new StringBuilder();
		text.chars().forEach((c) -> base64.append(ALPHABET.charAt(BCRYPT_ALPHABET.indexOf(c))));
		return Base64.getDecoder().decode(base64.toString());
	}

	private static <T> T known(@Nullable T found) {
		if (found == null) {
			throw new HashFormatException(KNOWN);
		}
		return found;
	}

}
