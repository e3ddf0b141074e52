package com.deliveryservice.authgateway.forward;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

import com.deliveryservice.authgateway.testing.Certificate;

/**
 * A client that writes HTTP/2 frames as it is told, proper or not (RFC 9113 §4.1, §6).
 */
final class Http2RawClient implements AutoCloseable {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int PRIORITY = 2;

	static final int RST_STREAM = 3;

	static final int SETTINGS = 4;

	static final int PING = 6;

	static final int GOAWAY = 7;

	static final int WINDOW_UPDATE = 8;

	static final int CONTINUATION = 9;

	static final int END_STREAM = 1;

	static final int END_HEADERS = 4;

	private static final int PATIENCE_MILLIS = 10_000;

	private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 64 * 1024);

	private final Socket tcp = new Socket();

	private final SSLSocket socket;

	private final DataInputStream in;

	private Http2RawClient(int port, Certificate certificate) throws IOException {
		this.tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2000);
		this.tcp.setTcpNoDelay(true);
		this.socket = (SSLSocket) certificate.context()
			.getSocketFactory()
			.createSocket(this.tcp, "localhost", port, true);
		SSLParameters parameters = this.socket.getSSLParameters();
		parameters.setApplicationProtocols(new String[] { "h2" });
		this.socket.setSSLParameters(parameters);
		this.socket.setSoTimeout(PATIENCE_MILLIS);
		this.socket.startHandshake();
		this.in = new DataInputStream(this.socket.getInputStream());
	}

	/**
	 * Connects, and says the preface and empty SETTINGS.
	 */
	static Http2RawClient to(EdgeUnderTest edge, Certificate certificate) throws IOException {
		Http2RawClient client = new Http2RawClient(edge.port(), certificate);
		client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return client.frame(SETTINGS, 0, 0, new byte[0]);
	}

	/**
	 * Writes a frame; that the connection is gone shows when it is read.
	 */
	Http2RawClient frame(int type, int flags, int stream, byte[] payload) {
		return write(bytes(type, flags, stream, payload));
	}

	static byte[] bytes(int type, int flags, int stream, byte[] payload) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(payload.length >> 16);
		out.write(payload.length >> 8);
		out.write(payload.length);
		out.write(type);
		out.write(flags);
		for (int shift = 24; shift >= 0; shift -= 8) {
			out.write(stream >> shift);
		}
		out.writeBytes(payload);
		return out.toByteArray();
	}

	Http2RawClient write(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
			this.socket.getOutputStream().flush();
		}
		catch (IOException ex) {
			// the peer has had enough
		}
		return this;
	}

	/**
	 * A request's head with the usual pseudo header fields.
	 * @param fields names and values
	 */
	Http2RawClient request(int stream, boolean end, String method, String path, String... fields) {
		String[] all = new String[fields.length + 8];
		System.arraycopy(
				new String[] { ":method", method, ":scheme", "https", ":authority", "a.example", ":path", path }, 0,
				all, 0, 8);
		System.arraycopy(fields, 0, all, 8, fields.length);
		return headers(stream, end, all);
	}

	Http2RawClient headers(int stream, boolean end, String... fields) {
		return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
	}

	/**
	 * Literal fields, without index and without Huffman coding (RFC 7541 §6.2.2).
	 */
	static byte[] block(String... fields) {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < fields.length; i += 2) {
			block.write(0);
			string(block, fields[i]);
			string(block, fields[i + 1]);
		}
		return block.toByteArray();
	}

	private static void string(ByteArrayOutputStream block, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		if (bytes.length < 127) {
			block.write(bytes.length);
		}
		else {
			block.write(127);
			int rest = bytes.length - 127;
			while (rest >= 128) {
				block.write((rest & 127) | 128);
				rest >>= 7;
			}
			block.write(rest);
		}
		block.writeBytes(bytes);
	}

	Http2RawClient data(int stream, boolean end, String text) {
		return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
	}

	Http2RawClient reset(int stream) {
		return frame(RST_STREAM, 0, stream, new byte[] { 0, 0, 0, 8 });
	}

	/**
	 * Reads frames until one fits.
	 * @return it, or {@code null} if the connection ended before
	 */
	@Nullable Frame next(Predicate<Frame> wanted) throws IOException {
		long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
		Frame frame;
		while ((frame = read()) != null) {
			if (wanted.test(frame)) {
				return frame;
			}
			if (System.nanoTime() > deadline) {
				throw new AssertionError("the frame did not come");
			}
		}
		return null;
	}

	/**
	 * The answer's head on a stream.
	 */
	Http2Headers answer(int stream) throws IOException {
		Frame frame = next((it) -> it.stream() == stream && (it.type() == HEADERS || it.type() == RST_STREAM));
		if (frame == null || frame.type() != HEADERS) {
			throw new AssertionError("no answer but " + frame);
		}
		return decode(frame);
	}

	/**
	 * The status on a stream, or what came instead of one.
	 */
	String outcome(int stream) throws IOException {
		Frame frame = next((it) -> (it.stream() == stream && (it.type() == HEADERS || it.type() == RST_STREAM))
				|| it.type() == GOAWAY);
		if (frame == null) {
			return "closed";
		}
		return switch (frame.type()) {
			case HEADERS -> String.valueOf(decode(frame).status());
			case RST_STREAM -> "reset " + frame.errorCode();
			default -> "goaway " + frame.errorCode();
		};
	}

	private Http2Headers decode(Frame frame) throws IOException {
		try {
			return this.hpack.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
		}
		catch (Http2Exception ex) {
			throw new IOException(ex);
		}
	}

	private @Nullable Frame read() throws IOException {
		try {
			int length = (this.in.readUnsignedByte() << 16) | this.in.readUnsignedShort();
			int type = this.in.readUnsignedByte();
			int flags = this.in.readUnsignedByte();
			int stream = this.in.readInt() & Integer.MAX_VALUE;
			byte[] payload = new byte[length];
			this.in.readFully(payload);
			return new Frame(type, flags, stream, payload);
		}
		catch (EOFException | SocketException | SSLException ex) {
			return null;
		}
	}

	/** Closes by FIN. */
	void finish() throws IOException {
		this.tcp.close();
	}

	/** Closes by RST. */
	void abort() {
		try {
			this.tcp.setSoLinger(true, 0);
			this.tcp.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		finish();
	}

	/** One frame. */
	@SuppressWarnings("ArrayRecordComponent")
	record Frame(int type, int flags, int stream, byte[] payload) {

		boolean ends() {
			return (this.flags & END_STREAM) != 0;
		}

		/** Of RST_STREAM and GOAWAY. */
		int errorCode() {
			int at = (this.type == GOAWAY) ? 4 : 0;
			return ((this.payload[at] & 0xFF) << 24) | ((this.payload[at + 1] & 0xFF) << 16)
					| ((this.payload[at + 2] & 0xFF) << 8) | (this.payload[at + 3] & 0xFF);
		}

		String text() {
			return new String(this.payload, StandardCharsets.ISO_8859_1);
		}

		@Override
		public String toString() {
			return "type " + this.type + " flags " + this.flags + " stream " + this.stream;
		}

	}

}
