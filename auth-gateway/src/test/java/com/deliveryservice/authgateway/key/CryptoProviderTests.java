package com.deliveryservice.authgateway.key;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CryptoProviderTests {

	private final CryptoProvider fastest = CryptoProvider.fastest(new Randomness());

	private final CryptoProvider jdk = CryptoProvider.jdk(new Randomness());

	@Test
	void whatOneSignsTheOtherVerifies() {
		KeyPairJwk pair = KeyPairJwk.generate(this.fastest);
		SigningKey first = SigningKey.of(pair, this.fastest);
		SigningKey second = SigningKey.of(pair, this.jdk);
		assertThat(second.verify("a.b", first.sign("a.b"))).isTrue();
		assertThat(first.verify("a.b", second.sign("a.b"))).isTrue();
		assertThat(first.verify("a.c", second.sign("a.b"))).isFalse();
		assertThat(second.verify("a.b", "AAAA")).isFalse();
	}

	@Test
	void aPairOfTheJdkIsAsGood() {
		SigningKey key = SigningKey.of(KeyPairJwk.generate(this.jdk), this.fastest);
		assertThat(key.verify("a.b", key.sign("a.b"))).isTrue();
	}

}
