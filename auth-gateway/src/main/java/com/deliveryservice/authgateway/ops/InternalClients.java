package com.deliveryservice.authgateway.ops;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

import reactor.core.publisher.Mono;

/**
 * Tells the callers of the internal listener apart by HTTP Basic. Their secrets are long
 * and random, unlike a person's password, so one SHA-256 compared in constant time does,
 * and takes microseconds of an event loop where a password hash would take milliseconds.
 * Both are taken as they are, and form-encoded, as OAuth libraries send them (RFC 6749
 * §2.3.1).
 */
class InternalClients implements ReactiveAuthenticationManager {

	private static final Logger logger = LoggerFactory.getLogger(InternalClients.class);

	private static final Known NOBODY = new Known(new byte[32], List.of());

	private final Map<String, Known> clients = new HashMap<>();

	InternalClients(List<InternalSettings.Client> clients) {
		for (InternalSettings.Client client : clients) {
			if (client.secret().length() < InternalSettings.Client.SHORT_SECRET) {
				logger.warn("The secret of the internal client {} has less than {} characters", client.id(),
						InternalSettings.Client.SHORT_SECRET);
			}
			this.clients.put(client.id(), new Known(sha256(client.secret()),
					AuthorityUtils.createAuthorityList(client.roles().toArray(String[]::new))));
		}
	}

	/**
	 * Authenticates a caller.
	 * @param authentication the id as name, the secret as credentials
	 * @return the caller with its roles as authorities; fails with
	 * {@link BadCredentialsException}
	 */
	@Override
	public Mono<Authentication> authenticate(Authentication authentication) {
		String id = authentication.getName();
		String secret = String.valueOf(authentication.getCredentials());
		Known known = find(id, secret);
		if (known == NOBODY) {
			id = formDecoded(id);
			known = find(id, formDecoded(secret));
		}
		if (known == NOBODY) {
			return Mono.error(new BadCredentialsException("unknown id or wrong secret"));
		}
		return Mono.just(UsernamePasswordAuthenticationToken.authenticated(id, null, known.authorities));
	}

	private Known find(String id, String secret) {
		Known known = this.clients.getOrDefault(id, NOBODY);
		return MessageDigest.isEqual(known.secretDigest, sha256(secret)) ? known : NOBODY;
	}

	/** What cannot be decoded stays as it is, and matches nothing. */
	private static String formDecoded(String text) {
		try {
			return URLDecoder.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return text;
		}
	}

	private static byte[] sha256(String secret) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JDK has SHA-256", ex);
		}
	}

	private static final class Known {

		private final byte[] secretDigest;

		private final List<GrantedAuthority> authorities;

		Known(byte[] secretDigest, List<GrantedAuthority> authorities) {
			this.secretDigest = secretDigest;
			this.authorities = authorities;
		}

	}

}
