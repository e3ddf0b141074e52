package com.deliveryservice.authgateway.api;

import java.util.List;
import java.util.regex.Pattern;

import com.deliveryservice.authgateway.problem.Problem;
import com.deliveryservice.authgateway.problem.ProblemCode;
import com.deliveryservice.authgateway.token.AccessTokens;
import com.deliveryservice.authgateway.token.InvalidTokenException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;

import reactor.core.publisher.Mono;

/**
 * Reads the Bearer token (RFC 6750 §2.1: from the header alone) and asks
 * {@link AccessTokens} about it, the same one that the forward lane asks. Empty when
 * there is none, so that a missing token and a bad one stay different answers.
 */
class BearerAuthentication implements ServerAuthenticationConverter {

	/** RFC 6750 §2.1, {@code b64token}; the scheme is case-insensitive. */
	private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*) *");

	private static final String SCHEME = "bearer";

	private final AccessTokens accessTokens;

	BearerAuthentication(AccessTokens accessTokens) {
		this.accessTokens = accessTokens;
	}

	/**
	 * The caller; fails with {@link BadCredentialsException} for a bad token, and with a
	 * {@link com.deliveryservice.authgateway.problem.ProblemException} for two
	 * Authorization headers or while it cannot be told.
	 */
	@Override
	public Mono<Authentication> convert(ServerWebExchange exchange) {
		List<String> values = exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
		if (values.size() > 1) {
			return Mono.error(Problem.of(ProblemCode.INVALID_REQUEST)
				.withDetail("More than one Authorization header")
				.asException());
		}
		if (values.isEmpty() || !isBearer(values.get(0))) {
			return Mono.empty();
		}
		return Mono.fromCallable(() -> verify(values.get(0)));
	}

	private Authentication verify(String header) {
		var matcher = BEARER.matcher(header);
		if (!matcher.matches()) {
			throw new BadCredentialsException("malformed");
		}
		try {
			return new CallerAuthentication(this.accessTokens.verify(matcher.group(1)));
		}
		catch (InvalidTokenException ex) {
			throw new BadCredentialsException("invalid", ex);
		}
	}

	private static boolean isBearer(String header) {
		return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
				&& (header.length() == SCHEME.length() || header.charAt(SCHEME.length()) == ' ');
	}

}
