package com.deliveryservice.authgateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * What is written to one channel: small pieces gather in one buffer, so that a head and a
 * short body leave in one system call; large ones pass uncopied.
 */
public final class Output {

	private static final int SMALL = 1024;

	private static final int CAPACITY = 2048;

	private static final int FULL = 8192;

	private final ChannelHandlerContext ctx;

	private @Nullable ByteBuf gathered;

	/**
	 * An output.
	 * @param ctx what is written goes towards the head from here
	 */
	public Output(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	/**
	 * The buffer to append a head or a chunk's frame to.
	 */
	public ByteBuf gather() {
		ByteBuf buffer = this.gathered;
		if (buffer == null) {
			buffer = this.ctx.alloc().directBuffer(CAPACITY);
			this.gathered = buffer;
		}
		return buffer;
	}

	/**
	 * Writes content.
	 * @param content owned by this call
	 */
	public void write(ByteBuf content) {
		ByteBuf buffer = this.gathered;
		if (content.readableBytes() <= SMALL && (buffer == null || buffer.readableBytes() < FULL)) {
			gather().writeBytes(content);
			content.release();
			return;
		}
		push();
		write0(content);
	}

	public void flush() {
		push();
		this.ctx.flush();
	}

	/**
	 * Forgets what was gathered and not flushed.
	 */
	public void discard() {
		ByteBuf buffer = this.gathered;
		this.gathered = null;
		if (buffer != null) {
			buffer.release();
		}
	}

	private void push() {
		ByteBuf buffer = this.gathered;
		if (buffer != null) {
			this.gathered = null;
			write0(buffer);
		}
	}

	/** A failed write reaches exceptionCaught by the void promise. */
	@SuppressWarnings("FutureReturnValueIgnored")
	private void write0(ByteBuf buffer) {
		this.ctx.write(buffer, this.ctx.voidPromise());
	}

}
