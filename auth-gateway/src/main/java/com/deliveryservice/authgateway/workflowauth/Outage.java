package com.deliveryservice.authgateway.workflowauth;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Every way in which workflow-auth fails us: the fixed words of the metric tag and the
 * log.
 */
enum Outage {

	/** No connection: refused, no such host, not in time. */
	CONNECT,
	/** TLS could not be agreed on, or the certificate is not trusted. */
	TLS,
	/** The connection broke before the answer was whole. */
	CONNECTION,
	/** No whole answer in time. */
	TIMEOUT,
	/** Another status than 200, such as 500, 204 or 302. */
	STATUS,
	/** A media type or an encoding that was not asked for, such as HTML or gzip. */
	CONTENT,
	/** More than the largest answer that makes sense. */
	TOO_LARGE,
	/** No JSON object, or members missing or of the wrong type or shape. */
	MALFORMED,
	/** 200 with a failure member. */
	FAILURE,
	/** A user was not added, and no reason was given. */
	NOT_ADDED,
	/** Too many outages lately: not even tried. */
	BREAKER_OPEN,
	/** A bug of ours. */
	UNEXPECTED;

	/** Workflow-auth may have done what it was asked for all the same. */
	static final Set<String> ANSWER_LOST = Set.of(CONNECTION.reason(), TIMEOUT.reason(), UNEXPECTED.reason());

	/**
	 * The word for tag and log, such as {@code too-large}.
	 */
	String reason() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	WorkflowAuthUnavailableException asException() {
		return asException(null);
	}

	WorkflowAuthUnavailableException asException(@Nullable Throwable cause) {
		return new WorkflowAuthUnavailableException(reason(), cause);
	}

	/**
	 * What a failure on the way there or back was.
	 */
	static WorkflowAuthUnavailableException of(Throwable failure) {
		if (failure instanceof WorkflowAuthUnavailableException known) {
			return known;
		}
		return kind(failure).asException(failure);
	}

	private static Outage kind(Throwable failure) {
		if (failure instanceof ConnectException || failure instanceof UnknownHostException) {
			return CONNECT;
		}
		if (failure instanceof SSLException) {
			return TLS;
		}
		if (failure instanceof TimeoutException) {
			return TIMEOUT;
		}
		return (failure instanceof IOException) ? CONNECTION : UNEXPECTED;
	}

}
