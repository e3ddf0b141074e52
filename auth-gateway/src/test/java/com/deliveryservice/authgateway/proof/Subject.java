package com.deliveryservice.authgateway.proof;

import java.time.Duration;

import com.deliveryservice.authgateway.forward.CapturingOrigin;

/**
 * A gateway under proof. It has these routes to the origin: {@code /api/customer/**} for
 * customers, two segments stripped; {@code /public/**} for all; {@code /manager/**} for
 * managers; {@code /ws/**} for customers, WebSockets from {@code https://shop.example};
 * and {@code /dead/**}, for all, to a port where nobody listens. Bodies may have 1 MB.
 *
 * @param port where it listens
 * @param origin the backend
 * @param token a customer's
 * @param longest that each of its waits is set to: for a head, for a body, for an answer
 * @param keepAlive how long it keeps an idle connection
 */
record Subject(int port, CapturingOrigin origin, String token, Duration longest, Duration keepAlive) {
}
