/**
 * The map of auth-gateway. A request enters by the edge listener or by the internal one,
 * and takes one of two lanes.
 *
 * <pre>
 * client ─▶ edge ─▶ forward.RequestGuard ─▶ route? ─yes─▶ forward (the forward lane) ─▶ backend
 *                                             └─no──▶ account (the API lane: /auth, /oauth2, /.well-known)
 * workflow-auth, ingress, probes ─▶ internal ─▶ directory (/Auth), actuator
 * </pre>
 *
 * Both lanes ask {@code token} who calls, {@code identity} says what a caller is,
 * {@code session} owns sessions, {@code key} the signing keys, {@code revocation} tells
 * every replica which sessions have ended. {@code directory} is the company's auth
 * backend, {@code password} knows password hashes, {@code workflowauth} the client of the
 * authentication service, {@code upstream} the connections to backends,
 * {@code protection} decides about limits, {@code problem} is the one mapping of failures
 * to answers, {@code audit} keeps what happened and {@code chain} proves that it did,
 * {@code database} is the one way to PostgreSQL, {@code ops} what operators see,
 * {@code command} what the jar does when it does not serve.
 */
@NullMarked
package com.deliveryservice.authgateway;

import org.jspecify.annotations.NullMarked;
