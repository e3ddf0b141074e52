package com.deliveryservice.authgateway.password;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PeppersTests {

	private static final String PASSWORD = "correct horse battery";

	private static final String FIRST = Base64.getEncoder()
		.encodeToString("the first pepper, of 33 bytes....".getBytes(StandardCharsets.US_ASCII));

	private static final String SECOND = Base64.getEncoder().encodeToString(new byte[32]);

	private static final Peppers NONE = peppers(null);

	private final byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	@Test
	void whatIsStoredIsTheHmacOfTheTagAndNamesItsKey() throws Exception {
		PhcString plain = PhcString.parse(PasswordHash.of(PASSWORD, this.salt, NONE).encoded());
		String encoded = PasswordHash.of(PASSWORD, this.salt, peppers(FIRST)).encoded();
		assertThat(encoded)
			.matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1,keyid=[0-9a-f]{16}\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(Base64.getDecoder().decode(FIRST), "HmacSHA256"));
		assertThat(PhcString.parse(encoded).tag()).isEqualTo(mac.doFinal(plain.tag()));
	}

	@Test
	void withoutTheKeyNobodyCanTell() {
		PasswordHash hash = stored(PasswordHash.of(PASSWORD, this.salt, peppers(FIRST)));
		assertThat(hash.matches(PASSWORD, peppers(FIRST))).isTrue();
		assertThat(hash.matches("another", peppers(FIRST))).isFalse();
		assertThatExceptionOfType(UnknownPepperException.class).isThrownBy(() -> hash.matches(PASSWORD, NONE))
			.withMessageContaining("auth-gateway.directory.pepper: no key has the id ")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain(FIRST));
		assertThatExceptionOfType(UnknownPepperException.class)
			.isThrownBy(() -> hash.matches("another", peppers(SECOND)));
	}

	@Test
	void theFormerPepperStillVerifiesAndIsOutdated() {
		PasswordHash none = stored(PasswordHash.of(PASSWORD, this.salt, NONE));
		PasswordHash first = stored(PasswordHash.of(PASSWORD, this.salt, peppers(FIRST)));
		Peppers rotated = peppers(SECOND, FIRST);
		assertThat(first.matches(PASSWORD, rotated)).isTrue();
		assertThat(first.isOutdated(rotated)).isTrue();
		assertThat(first.isOutdated(peppers(FIRST))).isFalse();
		assertThat(none.matches(PASSWORD, rotated)).isTrue();
		assertThat(none.isOutdated(rotated)).isTrue();
		assertThat(none.isOutdated(NONE)).isFalse();
		assertThat(stored(PasswordHash.of(PASSWORD, this.salt, rotated)).isOutdated(rotated)).isFalse();
	}

	@Test
	void aPepperThatIsGivenUpIsOnlyAFormerOne() {
		PasswordHash first = stored(PasswordHash.of(PASSWORD, this.salt, peppers(FIRST)));
		Peppers givenUp = new Peppers(new PepperSettings("", List.of(FIRST)));
		assertThat(first.matches(PASSWORD, givenUp)).isTrue();
		assertThat(first.isOutdated(givenUp)).isTrue();
		assertThat(PasswordHash.of(PASSWORD, this.salt, givenUp).encoded()).doesNotContain("keyid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "$2b$05$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"$argon2id$v=19$m=1024,t=3,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$pbkdf2-sha512$1000$Z8xZ6/1/r1VKSUnJWUtpbQ$5csglCbEOT681IuoeESDSn8mVDNXTPkkUIJmeHXRovO1VI7OTtl1dPLW32ZDLBp5WD/37oxZzeRSNOiu26/aEw",
			"$pbkdf2$1000$aq21FoIQgpDy3lsLgdBaKw$BBcq3SGf9m26gc1aRgYm0w9Gx.Q",
			"AQAAAAAAAAPoAAAAEApQ6JgLsAP1vKOFYa5HW5/T6y3Tga3LrIVP2MqzLpLTMjyic7xBZh88OwAxqBQ+vA==" })
	void hashesOfOtherSystemsGetItToo(String foreign) {
		Peppers peppers = peppers(FIRST);
		PasswordHash hash = stored(ForeignHashes.parse(foreign).with(peppers));
		assertThat(hash.encoded()).contains("keyid=");
		assertThat(hash.matches("p\u00E4ssw\u00F6rd-1", peppers)).isTrue();
		assertThat(hash.matches("another", peppers)).isFalse();
		assertThat(hash.with(peppers)).isEqualTo(hash);
	}

	@Test
	void keysAreReadFromOneVariableEach() {
		PepperSettings settings = new Binder(
				new MapConfigurationPropertySource(Map.of("auth-gateway.directory.pepper.key", FIRST,
						"auth-gateway.directory.pepper.previous-keys", SECOND + "," + FIRST)))
			.bind("auth-gateway.directory.pepper", PepperSettings.class)
			.get();
		assertThat(settings.previousKeys()).containsExactly(SECOND, FIRST);
		assertThat(settings).asString().doesNotContain(FIRST);
		assertThat(new Peppers(settings)).asString().doesNotContain(FIRST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "short", "AAAA", "not base64 at all, but long enough to be 32 bytes of text" })
	void aKeyThatIsNoneStopsTheStart(String key) {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new PepperSettings(key, List.of()))
			.withMessage("auth-gateway.directory.pepper.key: (not shown) (expected base64 of 32 bytes or more)");
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> new PepperSettings(null, List.of(FIRST, key)))
			.withMessage("auth-gateway.directory.pepper.previous-keys[1]: (not shown) "
					+ "(expected base64 of 32 bytes or more)");
	}

	private static PasswordHash stored(PasswordHash hash) {
		return PasswordHash.parse(hash.encoded());
	}

	private static Peppers peppers(@Nullable String key, String... previous) {
		return new Peppers(new PepperSettings(key, List.of(previous)));
	}

}
