package com.deliveryservice.authgateway.forward;

import org.springframework.http.server.reactive.HttpHandler;

/**
 * The API lane: WebFlux's dispatcher with its filters. Both listeners hand over to it
 * what is theirs to serve; it knows neither of them.
 *
 * @param handler takes any request; which paths reach it is the listener's business
 */
public record ApiLane(HttpHandler handler) {

}
