package com.deliveryservice.authgateway.proof;

import java.util.List;
import java.util.stream.Stream;

/**
 * All cases, by the sections of the security bar that a gateway can be judged by from
 * outside: framing, targets, identity and forwarding, exhaustion, backend faults,
 * streams.
 */
final class Catalogue {

	private Catalogue() {
	}

	static List<Case> all() {
		return Stream
			.of(FramingCases.all(), TargetCases.all(), IdentityCases.all(), ExhaustionCases.all(), UploadCases.all(),
					BackendCases.all(), StreamCases.all())
			.flatMap(List::stream)
			.toList();
	}

}
