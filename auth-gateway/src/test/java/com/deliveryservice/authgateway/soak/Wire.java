package com.deliveryservice.authgateway.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection to the edge: sends bytes as they are, reads answers strictly, waits for
 * nothing longer than 30 s.
 */
final class Wire implements AutoCloseable {

	private static final int PATIENCE = 30_000;

	private final Socket socket = new Socket();

	private final InputStream in;

	private boolean open = true;

	Wire(int port, int receiveBuffer) throws IOException {
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(PATIENCE);
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	/** Sends text, {@code \n} for CRLF. */
	void send(String text) {
		send(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
	}

	/** A peer that has closed meanwhile is noticed when its answer is read. */
	void send(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
		}
		catch (IOException ex) {
			this.open = false;
		}
	}

	/**
	 * Reads the final answer to a request.
	 * @param head whether it was a HEAD request
	 */
	Reply reply(boolean head) {
		Reply reply = interim(head);
		while (reply.status() >= 100 && reply.status() < 200 && reply.status() != 101) {
			reply = interim(head);
		}
		this.open &= reply.whole() && !reply.closes();
		return reply;
	}

	/** Reads an answer, perhaps a provisional one. */
	Reply interim(boolean headOnly) {
		String head = "";
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		int status = 0;
		try {
			head = head();
			status = Integer.parseInt(head.substring(9, 12));
			if (!headOnly && status >= 200 && status != 204 && status != 304) {
				body(head.toLowerCase(Locale.ROOT), body);
			}
			return new Reply(status, head, body.toByteArray(), true);
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("nothing came for 30 s after: " + head + body.size() + " bytes", ex);
		}
		catch (IOException ex) {
			this.open = false;
			return (status == 0) ? Reply.NONE : new Reply(status, head, body.toByteArray(), false);
		}
	}

	private String head() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
			head.append((char) next());
		}
		return head.toString();
	}

	private void body(String head, ByteArrayOutputStream body) throws IOException {
		int at = head.indexOf("\r\ncontent-length: ");
		if (at >= 0) {
			copy(Integer.parseInt(head.substring(at + 18, head.indexOf("\r\n", at + 2))), body);
		}
		else if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
			int size;
			do {
				size = Integer.parseInt(line(), 16);
				copy(size, body);
				if (!line().isEmpty()) {
					throw new AssertionError("misframed answer: " + head);
				}
			}
			while (size != 0);
		}
		else {
			int next;
			while ((next = this.in.read()) >= 0) {
				body.write(next);
			}
		}
	}

	private void copy(int length, ByteArrayOutputStream body) throws IOException {
		byte[] buffer = new byte[Math.min(16384, Math.max(1, length))];
		int left = length;
		while (left > 0) {
			int count = this.in.read(buffer, 0, Math.min(left, buffer.length));
			if (count < 0) {
				throw new EOFException();
			}
			body.write(buffer, 0, count);
			left -= count;
		}
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		int next;
		while ((next = next()) != '\n') {
			line.append((char) next);
		}
		return line.substring(0, line.length() - 1);
	}

	/** A byte, which has to come. */
	int next() throws IOException {
		int next = this.in.read();
		if (next < 0) {
			throw new EOFException();
		}
		return next;
	}

	/** Reads so many bytes, or fewer if the connection ends. */
	byte[] read(int length) throws IOException {
		return this.in.readNBytes(length);
	}

	/** Fails unless the gateway closes now, without another byte. */
	void mustEnd() {
		try {
			int next = this.in.read();
			if (next >= 0) {
				throw new AssertionError("another byte came: " + next);
			}
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("still open", ex);
		}
		catch (IOException ex) {
			// a reset is an end, too
		}
		this.open = false;
	}

	/** As far as is known. */
	boolean isOpen() {
		return this.open;
	}

	/** Leaves, by FIN or by RST. */
	void leave(boolean byReset) {
		try {
			if (byReset) {
				this.socket.setSoLinger(true, 0);
			}
			this.socket.close();
		}
		catch (IOException ex) {
			// it had gone before
		}
		this.open = false;
	}

	@Override
	public void close() {
		leave(false);
	}

}
