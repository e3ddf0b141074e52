package com.deliveryservice.authgateway.forward;

import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.identity.ForwardedHeaders;
import com.deliveryservice.authgateway.route.Route;

/**
 * One admitted request, on its way.
 *
 * @param id its id
 * @param request the head
 * @param path its canonical raw path, without the query
 * @param route where it goes
 * @param caller who calls; {@code null} on a route that is open to all
 * @param client what is known of the client's side
 */
record Forwarding(String id, HttpRequest request, String path, Route route, @Nullable Caller caller,
		ForwardedHeaders client) {

}
