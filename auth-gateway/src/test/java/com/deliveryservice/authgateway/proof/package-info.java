/**
 * The security bar as a catalogue of cases over raw sockets, each judged by the same code
 * whatever gateway it is pointed at: ours in every {@code verify}, and ours beside Spring
 * Cloud Gateway by {@code auth-gateway/benchmark/proof}.
 */
@NullMarked
package com.deliveryservice.authgateway.proof;

import org.jspecify.annotations.NullMarked;
