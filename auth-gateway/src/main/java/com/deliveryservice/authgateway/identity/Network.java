package com.deliveryservice.authgateway.identity;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses in CIDR notation.
 */
final class Network {

	/** 4 or 16 bytes. */
	private final byte[] address;

	/** How many bits of it are fixed. */
	private final int bits;

	private Network(byte[] address, int bits) {
		this.address = address;
		this.bits = bits;
	}

	/**
	 * Reads {@code address/bits}, or an address alone; {@code null} if it is neither.
	 */
	static @Nullable Network parse(String text) {
		int slash = text.indexOf('/');
		byte[] address = address((slash < 0) ? text : text.substring(0, slash));
		if (address == null) {
			return null;
		}
		int most = address.length * 8;
		try {
			int bits = (slash < 0) ? most : Integer.parseInt(text.substring(slash + 1));
			return (bits >= 0 && bits <= most) ? new Network(address, bits) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * The bytes of an address without a look-up, an IPv4 address in IPv6 clothes as IPv4;
	 * {@code null} if it is none.
	 */
	static byte @Nullable [] address(String text) {
		byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
		return (bytes != null) ? unmapped(bytes) : null;
	}

	static byte[] unmapped(byte[] bytes) {
		if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
			return bytes;
		}
		for (int i = 0; i < 10; i++) {
			if (bytes[i] != 0) {
				return bytes;
			}
		}
		return new byte[] { bytes[12], bytes[13], bytes[14], bytes[15] };
	}

	boolean contains(byte[] other) {
		if (other.length != this.address.length) {
			return false;
		}
		int whole = this.bits / 8;
		for (int i = 0; i < whole; i++) {
			if (other[i] != this.address[i]) {
				return false;
			}
		}
		int rest = this.bits % 8;
		return rest == 0 || ((other[whole] ^ this.address[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
	}

}
