package com.deliveryservice.authgateway.notifier;

import javax.net.ssl.TrustManagerFactory;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.database.Database;
import com.deliveryservice.authgateway.key.DerivedKeys;
import com.deliveryservice.authgateway.key.Randomness;

/**
 * Puts the notifier together. Without a URL nothing is delivered, and what an earlier
 * configuration promised ends with its time.
 */
@Configuration(proxyBeanMethods = false)
class NotifierConfiguration {

	@Bean
	NotificationStore notificationStore(Database database) {
		return new NotificationStore(database);
	}

	@Bean
	NotificationSeal notificationSeal(DerivedKeys keys, Randomness randomness) {
		return new NotificationSeal(keys, randomness);
	}

	@Bean
	NotificationPost notificationPost(NotifierSettings settings, SslBundles bundles) {
		return new NotificationPost(String.valueOf(settings.url()), settings, trust(settings, bundles));
	}

	@Bean
	DeliveryRounds notificationRounds(NotifierSettings settings, NotificationStore store, NotificationSeal seal,
			NotificationPost post, MeterRegistry meters, Database database) {
		Delivery delivery = new Delivery(settings, store, seal, post, meters);
		return new DeliveryRounds(database, (settings.url() != null) ? delivery.deliver() : Mono.empty(),
				delivery.expire());
	}

	@Bean
	Notifier notifier(NotifierSettings settings, NotificationStore store, NotificationSeal seal, Randomness randomness,
			DeliveryRounds rounds) {
		return new PromisedNotifications(settings, store, seal, randomness, rounds::wake);
	}

	private static @Nullable TrustManagerFactory trust(NotifierSettings settings, SslBundles bundles) {
		return (settings.sslBundle() != null)
				? bundles.getBundle(settings.sslBundle()).getManagers().getTrustManagerFactory() : null;
	}

}
