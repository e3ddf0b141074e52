package com.deliveryservice.authgateway.account;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.deliveryservice.authgateway.identity.UserTypes;
import com.deliveryservice.authgateway.key.PublicKeys;
import com.deliveryservice.authgateway.token.IssuerSettings;
import com.deliveryservice.authgateway.token.KeysUnavailableException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What anybody may know: keys (RFC 7517), metadata (RFC 8414), the description of the
 * API.
 */
@RestController
class DiscoveryController {

	private static final CacheControl PUBLIC = CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic();

	private static final List<String> WITHOUT_CLIENT = List.of("none");

	private final PublicKeys keys;

	private final Map<String, Object> metadata;

	private final byte[] openApi;

	DiscoveryController(PublicKeys keys, IssuerSettings issuer, UserTypes userTypes) throws IOException {
		this.keys = keys;
		this.metadata = metadata(issuer.issuer(), userTypes);
		this.openApi = new ClassPathResource("openapi.yaml").getContentAsByteArray();
	}

	@GetMapping("/.well-known/jwks.json")
	ResponseEntity<String> keys() {
		if (!this.keys.areLoaded()) {
			throw new KeysUnavailableException();
		}
		return answer(MediaType.APPLICATION_JSON, this.keys.toJwkSet());
	}

	@GetMapping("/.well-known/oauth-authorization-server")
	ResponseEntity<Map<String, Object>> metadata() {
		return answer(MediaType.APPLICATION_JSON, this.metadata);
	}

	@GetMapping("/openapi.yaml")
	ResponseEntity<byte[]> openApi() {
		return answer(new MediaType("application", "yaml"), this.openApi);
	}

	private static <T> ResponseEntity<T> answer(MediaType type, T body) {
		return ResponseEntity.ok().contentType(type).cacheControl(PUBLIC).body(body);
	}

	private static Map<String, Object> metadata(String issuer, UserTypes userTypes) {
		String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("issuer", issuer);
		metadata.put("token_endpoint", base + "/oauth2/token");
		metadata.put("revocation_endpoint", base + "/oauth2/revoke");
		metadata.put("jwks_uri", base + "/.well-known/jwks.json");
		metadata.put("scopes_supported", userTypes.allScopes().stream().sorted().toList());
		metadata.put("response_types_supported", List.of());
		metadata.put("grant_types_supported", List.of("refresh_token"));
		metadata.put("token_endpoint_auth_methods_supported", WITHOUT_CLIENT);
		metadata.put("revocation_endpoint_auth_methods_supported", WITHOUT_CLIENT);
		metadata.put("service_documentation", base + "/openapi.yaml");
		return Collections.unmodifiableMap(metadata);
	}

}
