package com.deliveryservice.authgateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import com.deliveryservice.authgateway.upstream.Output;

/**
 * The chunked coding (RFC 9112 §7.1), written.
 */
final class Chunks {

	private static final int CRLF = ('\r' << 8) | '\n';

	private static final byte[] END = HeadWriter.ascii("0\r\n\r\n");

	private Chunks() {
	}

	/**
	 * Writes one chunk.
	 * @param content not empty; owned by this call
	 */
	static void write(Output out, ByteBuf content) {
		ByteBufUtil.writeAscii(out.gather(), Integer.toHexString(content.readableBytes()));
		out.gather().writeShort(CRLF);
		out.write(content);
		out.gather().writeShort(CRLF);
	}

	/**
	 * Writes the end: only after a proper end of what was read.
	 */
	static void end(Output out) {
		out.gather().writeBytes(END);
	}

}
