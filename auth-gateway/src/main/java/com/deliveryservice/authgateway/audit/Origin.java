package com.deliveryservice.authgateway.audit;

import java.net.InetAddress;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;

import com.deliveryservice.authgateway.identity.Caller;

import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Where a request comes from.
 *
 * @param requestId its id, or {@code null} outside of a request
 * @param address the client's, or {@code null} if it has none
 * @param userId who is signed in, or {@code null}
 * @param sessionId where that one is signed in, or {@code null}
 * @param client the client of the internal listener that asks, or {@code null}
 */
record Origin(@Nullable String requestId, @Nullable String address, @Nullable UUID userId, @Nullable UUID sessionId,
		@Nullable String client) {

	static final Origin NONE = new Origin(null, null, null, null, null);

	private static final int LONGEST = 128;

	static Origin of(@Nullable String requestId, @Nullable InetAddress address) {
		return new Origin((requestId != null) ? Text.clean(requestId, LONGEST) : null, text(address), null, null, null);
	}

	/**
	 * That of the request which a chain belongs to, {@link #NONE} if to none.
	 */
	static Mono<Origin> current() {
		return Mono.deferContextual((context) -> {
			Origin known = known(context);
			return ReactiveSecurityContextHolder.getContext().map(known::signedIn).defaultIfEmpty(known);
		});
	}

	private static Origin known(ContextView context) {
		return context.hasKey(Origin.class) ? context.get(Origin.class) : NONE;
	}

	private Origin signedIn(SecurityContext security) {
		Authentication authentication = security.getAuthentication();
		if (authentication == null) {
			return this;
		}
		return (authentication.getPrincipal() instanceof Caller caller)
				? new Origin(this.requestId, this.address, caller.userId(), caller.sessionId(), null)
				: new Origin(this.requestId, this.address, null, null, Text.clean(authentication.getName(), LONGEST));
	}

	private static @Nullable String text(@Nullable InetAddress address) {
		if (address == null) {
			return null;
		}
		String text = address.getHostAddress();
		int zone = text.indexOf('%');
		return (zone < 0) ? text : text.substring(0, zone);
	}

}
