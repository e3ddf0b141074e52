package com.deliveryservice.authgateway.key;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.audit.AuditFixture;
import com.deliveryservice.authgateway.database.MigratedDatabase;
import com.deliveryservice.authgateway.testing.TcpProxy;
import com.deliveryservice.authgateway.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class KeyLoadingTests {

	private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final String OTHER_KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

	private final TestDatabase rows = MigratedDatabase.create().raw();

	private final TcpProxy proxy = TcpProxy.to(this.rows.host(), this.rows.port());

	private final MigratedDatabase database = MigratedDatabase
		.over(new TestDatabase("localhost", this.proxy.port(), this.rows.name()));

	private final List<String> ends = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.database.close();
		this.proxy.close();
	}

	@Test
	void aStartWithoutTheDatabaseLoadsTheKeysWhenItIsThere() {
		this.proxy.goAway();
		KeyRing ring = new KeyRing();
		KeyLoading loading = start(ring, KEY);
		await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(2)).until(() -> !ring.areLoaded());
		this.proxy.heal();
		await().atMost(Duration.ofSeconds(20)).until(ring::areLoaded);
		assertThat(this.ends).isEmpty();
		loading.stop();
		assertThat(loading.isRunning()).isFalse();
	}

	@Test
	void keysStayLoadedWhenTheDatabaseGoes() {
		KeyRing ring = new KeyRing();
		KeyLoading loading = start(ring, KEY);
		await().atMost(Duration.ofSeconds(10)).until(ring::areLoaded);
		this.proxy.goAway();
		assertThat(ring.areLoaded()).isTrue();
		loading.stop();
	}

	@Test
	void aWrongEncryptionKeyEndsTheProcessAtOnceAndOnce() {
		KeyRing right = new KeyRing();
		KeyLoading first = start(right, KEY);
		await().atMost(Duration.ofSeconds(10)).until(right::areLoaded);
		first.stop();
		KeyRing wrong = new KeyRing();
		KeyLoading second = start(wrong, OTHER_KEY);
		await().atMost(Duration.ofSeconds(5)).until(() -> !this.ends.isEmpty());
		assertThat(this.ends).containsExactly("auth-gateway.keys.encryption-key: (not shown) "
				+ "(expected the key that the stored signing keys were encrypted with)");
		assertThat(wrong.areLoaded()).isFalse();
		second.stop();
	}

	private KeyLoading start(KeyRing ring, String key) {
		KeySettings settings = new KeySettings(key, null, Duration.ofDays(30), Duration.ofDays(1));
		TokenSettings tokens = new TokenSettings(Duration.ofMinutes(5), "delivery-api", Duration.ofSeconds(10),
				Duration.ofMinutes(15));
		KeyLoader loader = new KeyLoader(
				new KeyStore(this.database.database(), new AuditFixture(this.database).trail()), ring,
				CryptoProvider.fastest(new Randomness()), settings, tokens);
		KeyLoading loading = new KeyLoading(this.database.database(), loader, this.ends::add);
		loading.start();
		return loading;
	}

}
