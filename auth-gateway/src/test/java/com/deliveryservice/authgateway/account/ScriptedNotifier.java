package com.deliveryservice.authgateway.account;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

import com.deliveryservice.authgateway.notifier.Notification;
import com.deliveryservice.authgateway.notifier.Notifier;

/**
 * A notifier that only takes note of what is promised.
 */
class ScriptedNotifier implements Notifier {

	final List<Notification> promised = new CopyOnWriteArrayList<>();

	private volatile boolean configured;

	void configured(boolean configured) {
		this.configured = configured;
		this.promised.clear();
	}

	@Override
	public boolean isConfigured() {
		return this.configured;
	}

	@Override
	public Mono<Void> promise(DatabaseClient client, Notification notification, Instant until) {
		return Mono.fromRunnable(() -> this.promised.add(notification));
	}

}
