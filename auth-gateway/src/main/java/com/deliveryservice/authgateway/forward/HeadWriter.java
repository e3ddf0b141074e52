package com.deliveryservice.authgateway.forward;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;

/**
 * Writes the lines of a head. Characters that would end a line never pass, whoever
 * supplied them.
 */
final class HeadWriter implements FieldSink {

	private static final int CRLF = ('\r' << 8) | '\n';

	private static final int COLON_BLANK = (':' << 8) | ' ';

	private final ByteBuf out;

	HeadWriter(ByteBuf out) {
		this.out = out;
	}

	HeadWriter text(CharSequence text) {
		if (text instanceof AsciiString ascii) {
			this.out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
		}
		else {
			ByteBufUtil.writeAscii(this.out, text);
		}
		return this;
	}

	HeadWriter bytes(byte[] bytes) {
		this.out.writeBytes(bytes);
		return this;
	}

	@Override
	public HeadWriter header(CharSequence name, CharSequence value) {
		text(name);
		this.out.writeShort(COLON_BLANK);
		text(value);
		this.out.writeShort(CRLF);
		return this;
	}

	HeadWriter number(long number) {
		if (number < 10 && number >= 0) {
			this.out.writeByte('0' + (int) number);
			return this;
		}
		return text(Long.toString(number));
	}

	HeadWriter end() {
		this.out.writeShort(CRLF);
		return this;
	}

	/** Header lines, each ended by a plain line feed here. */
	static byte[] lines(String text) {
		return ascii(text.replace("\n", "\r\n"));
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
