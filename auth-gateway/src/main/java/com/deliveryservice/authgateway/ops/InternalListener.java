package com.deliveryservice.authgateway.ops;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.stereotype.Component;

import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import com.deliveryservice.authgateway.forward.GuardedServer;

/**
 * The second port, for workflow-auth, backends, ingresses, probes and operators. It opens
 * before the edge and closes after it: while the edge drains, probes still see "not
 * ready", and a sign-in under way still gets its callback.
 */
@Component
class InternalListener implements SmartLifecycle {

	/** The edge's graceful shutdown and its stop are both above this phase. */
	static final int PHASE = WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024;

	static final Duration DRAIN = Duration.ofSeconds(5);

	private static final Duration BIND = Duration.ofSeconds(10);

	private final InternalSettings settings;

	private final GuardedServer guarded;

	private final ReactorResourceFactory resources;

	private final ConfigurableEnvironment environment;

	private volatile @Nullable DisposableServer server;

	InternalListener(InternalSettings settings, GuardedServer guarded, ReactorResourceFactory resources,
			ConfigurableEnvironment environment) {
		this.settings = settings;
		this.guarded = guarded;
		this.resources = resources;
		this.environment = environment;
	}

	@Override
	public void start() {
		try {
			DisposableServer bound = build().bindNow(BIND);
			this.server = bound;
			this.environment.getPropertySources()
				.addFirst(new MapPropertySource("internal.ports", Map.of("local.internal.port", bound.port())));
		}
		catch (ChannelBindException ex) {
			throw new PortTakenException(InternalSettings.PORT, this.settings.port(), ex);
		}
	}

	/**
	 * Waits a moment for requests under way, then closes.
	 */
	@Override
	public void stop() {
		DisposableServer bound = this.server;
		this.server = null;
		if (bound != null) {
			bound.disposeNow(DRAIN);
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private HttpServer build() {
		InetSocketAddress address = (this.settings.address() != null)
				? new InetSocketAddress(this.settings.address(), this.settings.port())
				: new InetSocketAddress(this.settings.port());
		HttpServer plain = HttpServer.create()
			.bindAddress(() -> address)
			.runOn(this.resources.getLoopResources())
			.channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
		return this.guarded.guard(plain, InternalPaths::isServed);
	}

}
