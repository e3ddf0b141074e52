package com.deliveryservice.authgateway.importing;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What became of some rows.
 *
 * @param added how many are users now
 * @param there how many were taken over before
 * @param refusals the others, by line
 */
record Outcomes(int added, int there, List<Refusal> refusals) {

	/**
	 * The same with more refusals.
	 */
	Outcomes with(List<Refusal> more) {
		return new Outcomes(this.added, this.there,
				Stream.concat(this.refusals.stream(), more.stream())
					.sorted(Comparator.comparingLong(Refusal::line))
					.toList());
	}

}
