package com.deliveryservice.authgateway.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/**
 * The whole gateway on free ports, with nothing that it depends on: one context for the
 * tests of this package.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "auth-gateway.internal.port=0", "auth-gateway.edge.header-timeout=1s",
				"spring.r2dbc.url=r2dbc:postgresql://localhost:1/none", "spring.r2dbc.username=none",
				"spring.r2dbc.password=none", "auth-gateway.workflow-auth.base-url=http://localhost:1",
				"auth-gateway.keys.encryption-key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
				"auth-gateway.internal.clients[0].id=workflow-auth",
				"auth-gateway.internal.clients[0].secret=" + GatewayWithoutDatabase.SECRET,
				"auth-gateway.internal.clients[0].roles=directory", "auth-gateway.internal.clients[1].id=operator",
				"auth-gateway.internal.clients[1].secret=" + GatewayWithoutDatabase.SECRET + "2",
				"auth-gateway.internal.clients[1].roles=operate,introspect" })
@interface GatewayWithoutDatabase {

	/** Of the client {@code workflow-auth}; that of {@code operator} ends with a 2. */
	String SECRET = "0123456789abcdef";

}
