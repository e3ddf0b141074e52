package com.deliveryservice.authgateway.forward;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;

import com.deliveryservice.authgateway.problem.ProblemCode;

/**
 * Netty's decoder behind a look at the raw head, since what the decoder repairs (runs of
 * blanks in the request line, folded lines) is past seeing afterwards. A head is decoded
 * only when all of it is there: nothing is decided on half of one.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

	private static final byte LF = '\n';

	private static final byte CR = '\r';

	private static final AsciiString LENGTH = AsciiString.cached("content-length:");

	private boolean atHead = true;

	private boolean refused;

	/** Offsets from the reader index: where the line begins, and what was searched. */
	private int line;

	private int searched;

	private int requestLine;

	private boolean begun;

	private boolean lengthSeen;

	StrictRequestDecoder() {
		super(new HttpDecoderConfig().setMaxInitialLineLength(HeadLimits.LINE)
			.setMaxHeaderSize(HeadLimits.BLOCK)
			.setMaxChunkSize(64 * 1024));
	}

	/**
	 * Whether a head has begun to arrive and has not ended.
	 */
	boolean isInsideHead() {
		return this.begun;
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		if (this.refused) {
			in.skipBytes(in.readableBytes());
			return;
		}
		if (this.atHead && !isHeadComplete(in, out)) {
			return;
		}
		int before = out.size();
		super.decode(ctx, in, out);
		for (int i = before; i < out.size(); i++) {
			this.atHead = out.get(i) instanceof LastHttpContent;
		}
	}

	private boolean isHeadComplete(ByteBuf in, List<Object> out) {
		try {
			boolean complete = scan(in);
			this.begun = !complete && in.isReadable();
			if (complete) {
				this.line = 0;
				this.searched = 0;
				this.requestLine = 0;
				this.lengthSeen = false;
				this.atHead = false;
			}
			return complete;
		}
		catch (MalformedHeadException ex) {
			refuse(in, out, ex);
			return false;
		}
	}

	private void refuse(ByteBuf in, List<Object> out, MalformedHeadException cause) {
		this.refused = true;
		this.begun = false;
		String target = targetSeen(in);
		in.skipBytes(in.readableBytes());
		HttpMessage message = createInvalidMessage();
		((HttpRequest) message).setUri(target);
		message.setDecoderResult(DecoderResult.failure(cause));
		out.add(message);
	}

	/** What stands between the first two spaces of the line, as far as it came. */
	private static String targetSeen(ByteBuf in) {
		int line = Math.min(in.readableBytes(), HeadLimits.LINE);
		String seen = in.toString(in.readerIndex(), line, StandardCharsets.US_ASCII);
		String[] words = seen.split("[ \r\n]", 3);
		return (words.length > 1) ? words[1] : "";
	}

	private boolean scan(ByteBuf in) {
		while (true) {
			int start = in.readerIndex() + this.line;
			int lf = in.indexOf(in.readerIndex() + this.searched, in.writerIndex(), LF);
			int end = (lf < 0) ? in.writerIndex() : lf;
			checkLength(end - start);
			if (lf < 0) {
				this.searched = in.readableBytes();
				return false;
			}
			if (lf == start || in.getByte(lf - 1) != CR) {
				throw malformed("line feed without carriage return");
			}
			this.line = lf + 1 - in.readerIndex();
			this.searched = this.line;
			if (this.requestLine > 0) {
				if (lf - 1 == start) {
					return true;
				}
				checkHeaderLine(in, start);
			}
			else if (lf - 1 == start) {
				skipEmptyLine(in);
			}
			else {
				checkRequestLine(in, start, lf - 1);
				this.requestLine = this.line;
			}
		}
	}

	/** One empty line before a request is tolerated (RFC 9112 §2.2). */
	private void skipEmptyLine(ByteBuf in) {
		if (this.begun) {
			throw malformed("empty lines before the request");
		}
		this.begun = true;
		in.skipBytes(this.line);
		this.line = 0;
		this.searched = 0;
	}

	private void checkLength(int length) {
		if (this.requestLine == 0 && length > HeadLimits.LINE) {
			throw new MalformedHeadException(ProblemCode.TARGET_TOO_LONG, "request line");
		}
		if (this.requestLine > 0 && this.line - this.requestLine + length > HeadLimits.BLOCK) {
			throw new MalformedHeadException(ProblemCode.HEADERS_TOO_LARGE, "header block");
		}
	}

	private void checkHeaderLine(ByteBuf in, int start) {
		byte first = in.getByte(start);
		if (first == ' ' || first == '\t') {
			throw malformed("folded line");
		}
		if ((first | 0x20) == 'c' && isContentLength(in, start)) {
			if (this.lengthSeen) {
				throw malformed("two lengths");
			}
			this.lengthSeen = true;
		}
	}

	/** Netty keeps the first of two on HTTP/1.0, and the second is past seeing. */
	private static boolean isContentLength(ByteBuf in, int start) {
		if (in.writerIndex() - start < LENGTH.length()) {
			return false;
		}
		for (int i = 0; i < LENGTH.length(); i++) {
			byte b = in.getByte(start + i);
			if (((b >= 'A' && b <= 'Z') ? b + 32 : b) != LENGTH.byteAt(i)) {
				return false;
			}
		}
		return true;
	}

	/** {@code method SP target SP HTTP/1.1}, and not a blank or control more. */
	private static void checkRequestLine(ByteBuf in, int start, int end) {
		int blanks = 0;
		int last = start - 1;
		for (int i = start; i < end; i++) {
			byte b = in.getByte(i);
			if (b == ' ') {
				if (i == last + 1) {
					throw malformed("blanks in the request line");
				}
				blanks++;
				last = i;
			}
			else if (b <= ' ' || b == 0x7F) {
				throw malformed("control or non-ASCII in the request line");
			}
		}
		boolean version = end - last == 9 && in.getByte(last + 1) == 'H' && in.getByte(last + 2) == 'T'
				&& in.getByte(last + 3) == 'T' && in.getByte(last + 4) == 'P' && in.getByte(last + 5) == '/'
				&& in.getByte(last + 6) == '1' && in.getByte(last + 7) == '.'
				&& (in.getByte(last + 8) == '1' || in.getByte(last + 8) == '0');
		if (blanks != 2 || !version) {
			throw malformed("request line");
		}
	}

	private static MalformedHeadException malformed(String reason) {
		return new MalformedHeadException(ProblemCode.INVALID_REQUEST, reason);
	}

}
