package com.deliveryservice.authgateway.devstack;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.deliveryservice.authgateway.testing.TestDatabase;

/**
 * How the gateway is configured in the dev stack: the properties that a deployment sets
 * as well.
 */
final class GatewayProperties {

	static final String DIRECTORY_CLIENT = "workflow-auth";

	static final String DIRECTORY_SECRET = "delivery-demo-workflow-auth";

	static final String INTROSPECT_CLIENT = "backend";

	static final String INTROSPECT_SECRET = "delivery-demo-backend";

	static final String OPERATE_CLIENT = "operator";

	static final String OPERATE_SECRET = "delivery-demo-operator";

	private GatewayProperties() {
	}

	static Map<String, Object> of(TestDatabase database, WorkflowAuthStandIn standIn, List<DemoBackend> backends,
			String issuer) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("spring.r2dbc.url", database.r2dbcUrl());
		properties.put("spring.r2dbc.username", database.username());
		properties.put("spring.r2dbc.password", database.password());
		properties.put("auth-gateway.issuer", issuer);
		properties.put("auth-gateway.workflow-auth.base-url", standIn.baseUrl());
		properties.put("auth-gateway.keys.encryption-key", randomKey());
		client(properties, 0, DIRECTORY_CLIENT, DIRECTORY_SECRET, "directory");
		client(properties, 1, INTROSPECT_CLIENT, INTROSPECT_SECRET, "introspect");
		client(properties, 2, OPERATE_CLIENT, OPERATE_SECRET, "operate");
		properties.put("logging.level.io.zonky.test", "warn");
		for (int index = 0; index < backends.size(); index++) {
			route(properties, index, backends.get(index));
		}
		return properties;
	}

	static Map<String, Object> of(NotifierStandIn notifier) {
		return Map.of("auth-gateway.notifier.url", notifier.url(), "auth-gateway.notifier.username",
				NotifierStandIn.USERNAME, "auth-gateway.notifier.password", NotifierStandIn.PASSWORD);
	}

	private static void client(Map<String, Object> properties, int index, String id, String secret, String role) {
		String prefix = "auth-gateway.internal.clients[" + index + "].";
		properties.put(prefix + "id", id);
		properties.put(prefix + "secret", secret);
		properties.put(prefix + "roles", role);
	}

	/** Each backend is open to its own user type alone; the manager's also to admins. */
	private static void route(Map<String, Object> properties, int index, DemoBackend backend) {
		String prefix = "auth-gateway.routes[" + index + "].";
		String name = backend.name();
		properties.put(prefix + "id", name);
		properties.put(prefix + "path", "/api/" + name + "/**");
		properties.put(prefix + "upstream", backend.baseUrl());
		properties.put(prefix + "strip-prefix", "2");
		properties.put(prefix + "access.user-types", name.equals("manager") ? "manager,admin" : name);
		properties.put(prefix + "websocket", "true");
	}

	private static String randomKey() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

}
