package com.deliveryservice.authgateway.password;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The hashes were made by other programs: argon2-cffi, the reference {@code argon2},
 * passlib, {@code htpasswd}, Django, Python's {@code hashlib}, and the published ones of
 * ASP.NET Core's own tests.
 */
class ForeignHashesTests {

	private static final String PASSWORD = "p\u00E4ssw\u00F6rd-1";

	private static final Peppers NONE = new Peppers(new PepperSettings(null, List.of()));

	@ParameterizedTest
	@ValueSource(strings = {
			// argon2-cffi 21.1
			"$argon2id$v=19$m=1024,t=2,p=2$FTrKnggV5yeZGPAunl8dLQ$rG7QulYzCpC97A7bfwCK9VlX7Q22+3KVFdJMGWliYmg",
			"$argon2i$v=19$m=1024,t=2,p=2$SZpo4HJtTlMq97HJAugFWw$LdO3qwHKAOLJN+p30FyLD51cEyRs3kiVse7EmaYBiH0",
			"$argon2d$v=19$m=1024,t=2,p=2$+/tIFaEJ4oa76Inmi81RLQ$s3RgZ44Ux4BDKV5fOhIYftcqRKzX9B+BUCg31X+Gwd8",
			// the reference implementation, 24 bytes, and the version before 2016
			"$argon2id$v=19$m=1024,t=3,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2i$v=16$m=1024,t=3,p=1$c29tZXNhbHRzb21l$PKHi7/STLdCFI0CfLm5LE7b7XfcQs8ibKjm+fSaq7Sk",
			"$argon2i$m=1024,t=3,p=1$c29tZXNhbHRzb21l$PKHi7/STLdCFI0CfLm5LE7b7XfcQs8ibKjm+fSaq7Sk",
			// passlib 1.7.4, and htpasswd of Apache 2.4
			"$2b$05$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"$2a$05$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"$2y$05$zbUrPgjIDu1vm.3BTLdLsONkx0u6dEZK2CS1.RF91nS/bfgKXxUBG",
			// passlib
			"$pbkdf2$1000$aq21FoIQgpDy3lsLgdBaKw$BBcq3SGf9m26gc1aRgYm0w9Gx.Q",
			"$pbkdf2-sha256$1000$4Lx3zvmf855zbk1pzXnPWQ$N1Wy4KrVX2tj9e8Nx/Di6k8iSR26e4Fzxd42Lu.qpBg",
			"$pbkdf2-sha512$1000$Z8xZ6/1/r1VKSUnJWUtpbQ$5csglCbEOT681IuoeESDSn8mVDNXTPkkUIJmeHXRovO1VI7OTtl1dPLW32ZDLBp5WD/37oxZzeRSNOiu26/aEw",
			// PHC, computed by hashlib
			"$pbkdf2-sha256$i=4096,l=32$SbRDTosYlCpWGnk/h5tgHw$SytSIQ+0AAYATMuxbLSAXykMXIm19sfNTCfq8bqGr/Y",
			"$pbkdf2-sha256$i=4096$SbRDTosYlCpWGnk/h5tgHw$SytSIQ+0AAYATMuxbLSAXykMXIm19sfNTCfq8bqGr/Y",
			// Django 3.2
			"pbkdf2_sha256$1000$Zq8sWc0kLmN2aB$Z0eqCsuobIc1E6zxxC8lOM+Yoa5Ux+Wsp2CFj3w0Mms=",
			"pbkdf2_sha1$1000$Zq8sWc0kLmN2aB$/ei+cCBZ3MbRc2CPkYLGy00rJY8=",
			// ASP.NET Core Identity v3 with each digest, computed by hashlib
			"AQAAAAAAAAPoAAAAEApQ6JgLsAP1vKOFYa5HW5/T6y3Tga3LrIVP2MqzLpLTMjyic7xBZh88OwAxqBQ+vA==",
			"AQAAAAEAAAPoAAAAEETboTVmIxwu1GQD2KuHBqMHUlebTKEveUrkkRWmJbqN2rcVRCo/crsLQg1FrzFN/Q==",
			"AQAAAAIAAAPoAAAAEGfG1OBXoitHN8FL+YY4zSpSficlJrw0vT5XPbhS72scyV5QEjrnZy/7xXtIn3Uahg==" })
	void thePasswordMatchesAndOthersDoNot(String foreign) {
		expectOnly(PASSWORD, foreign);
	}

	@ParameterizedTest
	@CsvSource({ "my password, AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M",
			"my password, AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=",
			"my password, AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
			"my password, AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg/Q8A0WMKbtHQJQ2DHCdoEeeFBrgNlldq6vH4qX/CGqGQ==" })
	void publishedOnesMatch(String password, String foreign) {
		expectOnly(password, foreign);
	}

	@Test
	void bcryptEndsAt72BytesAsItAlwaysDid() {
		PasswordHash hash = ForeignHashes.parse("$2b$04$Az1h9UePdDYf0Xrg9TlV8e9.VjO5IgaHV.H6Qz7AqkS2vcusJiY0i");
		assertThat(hash.matches("\u00DC".repeat(40), NONE)).isTrue();
		assertThat(hash.matches("\u00DC".repeat(36), NONE)).isTrue();
		assertThat(hash.matches("\u00DC".repeat(35), NONE)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "$argon2id$v=19$m=131073,t=1,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=65536,t=9,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=999999999,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=1,p=17$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$2b$14$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"$pbkdf2-sha256$2000001$4Lx3zvmf855zbk1pzXnPWQ$N1Wy4KrVX2tj9e8Nx/Di6k8iSR26e4Fzxd42Lu.qpBg",
			"$pbkdf2$1200001$aq21FoIQgpDy3lsLgdBaKw$N1Wy4KrVX2tj9e8Nx/Di6k8iSR26e4Fzxd42Lu.qpBg",
			"pbkdf2_sha256$999999999$Zq8sWc0kLmN2aB$Z0eqCsuobIc1E6zxxC8lOM+Yoa5Ux+Wsp2CFj3w0Mms=",
			"AQAAAAJ/////AAAAEGfG1OBXoitHN8FL+YY4zSpSficlJrw0vT5XPbhS72scyV5QEjrnZy/7xXtIn3Uahg==" })
	void whatWouldKeepACoreForLongIsRefused(String costly) {
		assertThatExceptionOfType(HashFormatException.class).isThrownBy(() -> ForeignHashes.parse(costly))
			.satisfies((ex) -> assertThat(ex.getMessage()).containsPattern("\\(expected (m )?up to "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "-", "password", "5f4dcc3b5aa765d61d8327deb882cf99", "$1$salt$5BPhmJNEsRVhrN2tsPzjG1",
			"$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/",
			"{SSHA}abc", "$2x$05$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"$2b$03$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9S",
			"$2b$05$Yd3.szrMRVQnigDUqeMsiOSF1cfp00WruAHLJIrXjXP3oOc/lER9",
			"$argon2id$v=18$m=1024,t=3,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=0,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=1,p=1,keyid=aaaa$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=1$c29tZXNhbHRzb21l$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=1,p=1$c2Fs$pGP4s4fbLJ7jeBQ2RLyWDW1m3nU01nu8",
			"$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHRzb21l$pGP4s4c", "$bcrypt$c=4$c29tZXNhbHRzb21l$pGP4s4fbLJ7j",
			"$pbkdf2-sha256$i=4096,l=16$SbRDTosYlCpWGnk/h5tgHw$SytSIQ+0AAYATMuxbLSAXykMXIm19sfNTCfq8bqGr/Y",
			"$pbkdf2-sha256$0$4Lx3zvmf855zbk1pzXnPWQ$N1Wy4KrVX2tj9e8Nx/Di6k8iSR26e4Fzxd42Lu.qpBg",
			// ASP.NET Identity v2, an unknown digest, a salt beyond the end, no
			// iterations
			"AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==",
			"AQAAAAMAAAPoAAAAEGfG1OBXoitHN8FL+YY4zSpSficlJrw0vT5XPbhS72scyV5QEjrnZy/7xXtIn3Uahg==",
			"AQAAAAIAAAPofwAAEGfG1OBXoitHN8FL+YY4zSpSficlJrw0vT5XPbhS72scyV5QEjrnZy/7xXtIn3Uahg==",
			"AQAAAAIAAAAAAAAAEGfG1OBXoitHN8FL+YY4zSpSficlJrw0vT5XPbhS72scyV5QEjrnZy/7xXtIn3Uahg==", "AQ==" })
	void whatIsNoneOfTheFormatsIsRefusedWithoutRepeatingIt(String other) {
		assertThatExceptionOfType(HashFormatException.class).isThrownBy(() -> ForeignHashes.parse(other))
			.satisfies((ex) -> assertThat(ex.getMessage()).contains("(expected").doesNotContain("nu8", "aAw", "ER9"));
	}

	private static void expectOnly(String password, String foreign) {
		PasswordHash hash = ForeignHashes.parse(foreign);
		assertThat(hash.matches(password, NONE)).isTrue();
		assertThat(hash.matches(password + "x", NONE)).isFalse();
		assertThat(hash.isOutdated(NONE)).isTrue();
		PasswordHash stored = PasswordHash.parse(hash.encoded());
		assertThat(stored).isEqualTo(hash).hasToString(hash.toString());
		assertThat(stored.matches(password, NONE)).isTrue();
	}

}
