package com.deliveryservice.authgateway.forward;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Says that nothing more comes, while what the peer still sends can be read: closing on
 * unread bytes would reset the connection under the answer.
 */
final class HalfClose {

	private HalfClose() {
	}

	/**
	 * Ends a channel's output: in TLS by its own notice first.
	 * @return whether the channel can do that
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	static boolean of(Channel channel) {
		if (!(channel instanceof DuplexChannel duplex)) {
			return false;
		}
		SslHandler tls = channel.pipeline().get(SslHandler.class);
		if (tls == null) {
			duplex.shutdownOutput();
		}
		else {
			tls.closeOutbound().addListener((ChannelFutureListener) (noticed) -> duplex.shutdownOutput());
		}
		return true;
	}

}
