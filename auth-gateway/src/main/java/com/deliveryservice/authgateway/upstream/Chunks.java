package com.deliveryservice.authgateway.upstream;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * The chunked coding (RFC 9112 §7.1), written.
 */
public final class Chunks {

	private static final int CRLF = ('\r' << 8) | '\n';

	private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private Chunks() {
	}

	/**
	 * Writes one chunk.
	 * @param out to append to
	 * @param content not empty; owned by this call
	 */
	public static void write(Output out, ByteBuf content) {
		ByteBufUtil.writeAscii(out.gather(), Integer.toHexString(content.readableBytes()));
		out.gather().writeShort(CRLF);
		out.write(content);
		out.gather().writeShort(CRLF);
	}

	/**
	 * Writes the end: only after a proper end of what was read.
	 * @param out to append to
	 */
	public static void end(Output out) {
		out.gather().writeBytes(END);
	}

}
