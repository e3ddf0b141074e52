package com.deliveryservice.authgateway.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EncryptionKeyTests {

	private static final byte[] SECRET = "a private key".getBytes(StandardCharsets.UTF_8);

	private final EncryptionKey key = new EncryptionKey(new byte[32]);

	@Test
	void whatIsSealedOpensWithTheSameKeyAndContext() throws Exception {
		assertThat(this.key.open(this.key.seal(SECRET, "kid"), "kid")).isEqualTo(SECRET);
	}

	@Test
	void nothingElseOpensIt() {
		byte[] sealed = this.key.seal(SECRET, "kid");
		byte[] otherBytes = new byte[32];
		otherBytes[31] = 1;
		fails(new EncryptionKey(otherBytes), sealed, "kid");
		fails(this.key, sealed, "another kid");
		for (int i = 0; i < sealed.length; i++) {
			byte[] changed = sealed.clone();
			changed[i] ^= 1;
			fails(this.key, changed, "kid");
		}
		fails(this.key, Arrays.copyOf(sealed, sealed.length - 1), "kid");
		fails(this.key, new byte[0], "kid");
	}

	@Test
	void theSameIsNeverSealedAlike() {
		assertThat(this.key.seal(SECRET, "kid")).isNotEqualTo(this.key.seal(SECRET, "kid"));
	}

	@Test
	void everyPurposeHasItsOwnSecretAndNoneIsTheKey() {
		assertThat(this.key.derive("one")).hasSize(32)
			.isEqualTo(new EncryptionKey(new byte[32]).derive("one"))
			.isNotEqualTo(this.key.derive("two"))
			.isNotEqualTo(new byte[32]);
	}

	@Test
	void itsIdAndTextTellNothing() {
		assertThat(this.key.id()).hasSize(16).doesNotContain(HexFormat.of().formatHex(new byte[4]));
		assertThat(this.key).hasToString("EncryptionKey[" + this.key.id() + "]");
	}

	private static void fails(EncryptionKey key, byte[] sealed, String context) {
		assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> key.open(sealed, context));
	}

}
