package com.deliveryservice.authgateway.api;

import java.util.Objects;

import com.deliveryservice.authgateway.identity.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * A verified access token, as Spring Security sees it: the principal is the
 * {@link Caller}, each scope is an authority {@code SCOPE_…}. Holds no token.
 */
final class CallerAuthentication extends AbstractAuthenticationToken {

	private static final long serialVersionUID = 1L;

	private final transient Caller caller;

	CallerAuthentication(Caller caller) {
		super(AuthorityUtils
			.createAuthorityList(caller.scopes().stream().sorted().map((scope) -> "SCOPE_" + scope).toList()));
		this.caller = caller;
		setAuthenticated(true);
	}

	@Override
	public Caller getPrincipal() {
		return this.caller;
	}

	@Override
	public @Nullable Object getCredentials() {
		return null;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CallerAuthentication authentication && this.caller.equals(authentication.caller);
	}

	@Override
	public int hashCode() {
		return Objects.hashCode(this.caller);
	}

}
