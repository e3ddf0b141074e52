package com.deliveryservice.authgateway.ops;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The internal listener: what only workflow-auth, backends, ingresses, probes and
 * operators reach.
 *
 * @param port where it listens; 0 takes a free one
 * @param address the interface it listens on, or {@code null} for all
 * @param clients who may call by HTTP Basic
 */
@ConfigurationProperties("auth-gateway.internal")
record InternalSettings(@DefaultValue("8081") int port, @Nullable InetAddress address,
		@DefaultValue List<Client> clients) {

	static final String PORT = "auth-gateway.internal.port";

	InternalSettings {
		if (port < 0 || port > 65535) {
			throw new IllegalArgumentException(PORT + ": " + port + " (expected a port from 1 to 65535, or 0)");
		}
		clients = List.copyOf(clients);
		Set<String> ids = new HashSet<>();
		for (int i = 0; i < clients.size(); i++) {
			String name = "auth-gateway.internal.clients[" + i + "]";
			clients.get(i).check(name);
			if (!ids.add(clients.get(i).id())) {
				throw new IllegalArgumentException(
						name + ".id: " + clients.get(i).id() + " (expected an id that no other client has)");
			}
		}
	}

	/**
	 * A caller of the internal listener. Never prints its secret.
	 *
	 * @param id the user name of HTTP Basic (RFC 7617: without a colon)
	 * @param secret its password
	 * @param roles of {@link #ROLES}
	 */
	record Client(String id, String secret, List<String> roles) {

		static final String DIRECTORY = "directory";

		static final String INTROSPECT = "introspect";

		static final String OPERATE = "operate";

		static final List<String> ROLES = List.of(DIRECTORY, INTROSPECT, OPERATE);

		/** Below this a secret can be guessed; it is taken, with a warning. */
		static final int SHORT_SECRET = 16;

		private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

		Client(@Nullable String id, @Nullable String secret, @Nullable List<String> roles) {
			this.id = (id != null) ? id : "";
			this.secret = (secret != null) ? secret : "";
			this.roles = (roles != null) ? List.copyOf(roles) : List.of();
		}

		private void check(String name) {
			expect(ID.matcher(this.id).matches(), name + ".id", this.id, "1 to 64 letters, digits and . _ -");
			expect(!this.secret.isBlank(), name + ".secret", this.secret,
					"a secret, better " + SHORT_SECRET + " characters or more");
			expect(!this.roles.isEmpty(), name + ".roles", "", "some of " + String.join(", ", ROLES));
			for (String role : this.roles) {
				expect(ROLES.contains(role), name + ".roles", role, "some of " + String.join(", ", ROLES));
			}
		}

		private static void expect(boolean right, String name, String value, String expected) {
			if (!right) {
				throw new IllegalArgumentException(
						name + ": " + (value.isBlank() ? "missing" : value) + " (expected " + expected + ")");
			}
		}

		@Override
		public String toString() {
			return "Client[id=" + this.id + ", roles=" + this.roles + "]";
		}

	}

}
