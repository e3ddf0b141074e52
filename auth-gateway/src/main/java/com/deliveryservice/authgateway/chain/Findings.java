package com.deliveryservice.authgateway.chain;

import java.util.ArrayList;
import java.util.List;

/**
 * What a verification found: the first ones in words, all of them counted.
 */
final class Findings {

	private static final int SHOWN = 20;

	private final List<String> first = new ArrayList<>();

	private long count;

	void add(String finding) {
		this.count++;
		if (this.first.size() < SHOWN) {
			this.first.add(finding);
		}
	}

	List<String> first() {
		return this.first;
	}

	long count() {
		return this.count;
	}

}
