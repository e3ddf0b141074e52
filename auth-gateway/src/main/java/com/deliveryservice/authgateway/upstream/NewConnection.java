package com.deliveryservice.authgateway.upstream;

import io.netty.channel.ChannelPipeline;

/**
 * What becomes of a new channel to a backend.
 */
interface NewConnection {

	/**
	 * The address was chosen.
	 */
	void at(Addresses.Address chosen);

	/**
	 * Puts the protocol's handlers behind what encrypts.
	 */
	void install(ChannelPipeline pipeline);

}
