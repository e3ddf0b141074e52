package com.deliveryservice.authgateway.upstream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import reactor.netty.http.HttpResources;

/**
 * Resolves names without blocking, for as long as their TTL says, at most 30 s.
 */
final class Resolvers implements AutoCloseable {

	private static final int MOST_SECONDS = 30;

	private static final long QUERY_MILLIS = 1000;

	private final Map<Class<? extends DatagramChannel>, DnsAddressResolverGroup> groups = new ConcurrentHashMap<>();

	private final HostsFileEntriesResolver hosts = HostsFileEntriesResolver.DEFAULT;

	Resolvers() {
		// reads resolv.conf here and not on an event loop
		DnsServerAddressStreamProviders.platformDefault();
	}

	/**
	 * The resolver for channels of the same transport.
	 */
	DnsAddressResolverGroup like(Channel channel) {
		Class<? extends DatagramChannel> type = HttpResources.get()
			.onChannelClass(DatagramChannel.class, channel.eventLoop());
		return this.groups.computeIfAbsent(type, this::group);
	}

	private DnsAddressResolverGroup group(Class<? extends DatagramChannel> type) {
		return new DnsAddressResolverGroup(new DnsNameResolverBuilder().datagramChannelType(type)
			.hostsFileEntriesResolver(this.hosts)
			.queryTimeoutMillis(QUERY_MILLIS)
			.ttl(0, MOST_SECONDS)
			.negativeTtl(1));
	}

	@Override
	public void close() {
		this.groups.values().forEach(DnsAddressResolverGroup::close);
	}

}
