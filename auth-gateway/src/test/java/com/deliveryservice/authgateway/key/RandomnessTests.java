package com.deliveryservice.authgateway.key;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RandomnessTests {

	private static final int CODES = 10_000;

	/**
	 * Case 106. Pearson's chi-square for each place with 9 degrees of freedom: above 45
	 * once in a million draws of a uniform source.
	 */
	@Test
	void tenThousandCodesAreUniformAndKeepTheirZeros() {
		Randomness randomness = new Randomness();
		int[][] seen = new int[6][10];
		Set<String> different = new HashSet<>();
		for (int i = 0; i < CODES; i++) {
			String code = randomness.nextDigits(6);
			assertThat(code).matches("[0-9]{6}");
			different.add(code);
			for (int place = 0; place < 6; place++) {
				seen[place][code.charAt(place) - '0']++;
			}
		}
		for (int[] place : seen) {
			assertThat(chiSquare(place)).isLessThan(45);
		}
		// 10,000 out of a million: 9,950 are expected to differ, give or take 7
		assertThat(different).hasSizeGreaterThan(9_900);
		assertThat(different).anyMatch((code) -> code.startsWith("00"));
	}

	private static double chiSquare(int[] seen) {
		double expected = CODES / 10.0;
		double sum = 0;
		for (int count : seen) {
			sum += (count - expected) * (count - expected) / expected;
		}
		return sum;
	}

}
