package com.deliveryservice.authgateway.token;

import java.net.URI;
import java.util.Locale;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code auth-gateway.issuer}.
 *
 * @param issuer {@code iss} of all tokens, an absolute http(s) URL without query and
 * fragment (RFC 8414 §2)
 */
@ConfigurationProperties("auth-gateway")
public record IssuerSettings(@DefaultValue("http://localhost:8080") String issuer) {

	public IssuerSettings {
		if (!isIssuer(issuer)) {
			throw new IllegalArgumentException(
					"auth-gateway.issuer: " + issuer + " (expected an absolute http or https URL without query)");
		}
	}

	private static boolean isIssuer(String value) {
		try {
			URI uri = URI.create(value);
			String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
			return (scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null
					&& uri.getRawQuery() == null && uri.getRawFragment() == null;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
