package com.deliveryservice.authgateway.forward;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.deliveryservice.authgateway.identity.Caller;
import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.problem.ProblemException;
import com.deliveryservice.authgateway.route.Route;
import com.deliveryservice.authgateway.session.EndedSessions;
import com.deliveryservice.authgateway.session.SessionActivity;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.InvalidTokenException;

/**
 * Authenticates and authorises a request for a route: in memory, never blocking. 401 says
 * that the credential is bad, 503 that it cannot be told.
 */
@Component
public class Gatekeeper {

	private static final String CHALLENGE = "Bearer realm=\"auth-gateway\"";

	private static final String WWW_AUTHENTICATE = "WWW-Authenticate";

	private static final String SCHEME = "bearer ";

	private static final int MAX_TOKEN = 4 * 1024;

	private static final Problem UNAUTHENTICATED = Problem.of(ProblemCode.UNAUTHENTICATED)
		.withHeader(WWW_AUTHENTICATE, CHALLENGE);

	static final Problem INVALID_TOKEN = Problem.of(ProblemCode.INVALID_TOKEN)
		.withHeader(WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");

	private static final Problem FORBIDDEN = Problem.of(ProblemCode.FORBIDDEN)
		.withHeader(WWW_AUTHENTICATE, CHALLENGE + ", error=\"insufficient_scope\"");

	private static final Problem STALE = Problem.of(ProblemCode.SERVICE_UNAVAILABLE)
		.withDetail("It cannot be told at the moment whether the session has ended.")
		.withRetryAfter(Duration.ofSeconds(5));

	private final AccessTokens tokens;

	private final EndedSessions endedSessions;

	private final SessionActivity activity;

	public Gatekeeper(AccessTokens tokens, EndedSessions endedSessions, SessionActivity activity) {
		this.tokens = tokens;
		this.endedSessions = endedSessions;
		this.activity = activity;
	}

	/**
	 * Admits a request to a route.
	 * @param route the route
	 * @param authorization the only {@code Authorization} header, or {@code null}
	 * @return who calls; {@code null} on a route that is open to all, whatever token came
	 * @throws ProblemException if it is not admitted: 401, 403 or 503
	 */
	public @Nullable Caller admit(Route route, @Nullable String authorization) {
		if (route.access().anonymous()) {
			return null;
		}
		Caller caller = verify(bearer(authorization));
		if (route.options().denyWhenStale() && (this.endedSessions.isStale() || this.tokens.isPastExpiry(caller))) {
			throw STALE.asException();
		}
		if (!route.access().allows(caller.userType(), caller.scopes())) {
			throw FORBIDDEN.asException();
		}
		return caller;
	}

	/**
	 * Whether a stream that was opened by this caller has to be closed: the session was
	 * ended since.
	 */
	boolean hasEnded(Caller caller) {
		return this.endedSessions.contains(caller.sessionId());
	}

	/**
	 * Takes note that a stream of this caller is open: it keeps the session from idling.
	 */
	void noteStream(Caller caller) {
		this.activity.streaming(caller.sessionId());
	}

	private Caller verify(String token) {
		try {
			return this.tokens.verify(token);
		}
		catch (InvalidTokenException ex) {
			throw INVALID_TOKEN.asException();
		}
	}

	/** RFC 6750 §2.1; the scheme's case does not matter (RFC 9110 §11.1). */
	private static String bearer(@Nullable String authorization) {
		if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
			throw UNAUTHENTICATED.asException();
		}
		int start = SCHEME.length();
		while (start < authorization.length() && authorization.charAt(start) == ' ') {
			start++;
		}
		String token = authorization.substring(start);
		if (token.isEmpty() || token.length() > MAX_TOKEN || token.indexOf(' ') >= 0) {
			throw INVALID_TOKEN.asException();
		}
		return token;
	}

}
