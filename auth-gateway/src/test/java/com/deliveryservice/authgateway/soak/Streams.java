package com.deliveryservice.authgateway.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Event streams and WebSockets, ended in order or not. */
@SuppressWarnings("StringConcatToTextBlock")
final class Streams {

	private static final byte[] CLOSE = { (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe8 };

	private Streams() {
	}

	static int events(Visitor visitor) throws IOException {
		boolean ends = visitor.chance();
		try (Wire wire = visitor.open()) {
			wire.send(visitor.request("GET", Visitor.CUSTOMER + "events/" + (ends ? 0 : 1), ""));
			if (ends) {
				String all = wire.reply(false).mustBe(200).mustBeWhole().text();
				if (!all.equals("data: 0\r\n\r\ndata: 1\r\n\r\ndata: 2\r\n\r\ndata: 3\r\n\r\ndata: 4\r\n\r\n")) {
					throw new AssertionError(all);
				}
			}
			else {
				wire.read(100 + visitor.random().nextInt(100));
			}
			wire.leave(visitor.chance());
		}
		return 1;
	}

	static int webSocket(Visitor visitor) throws IOException {
		try (Wire wire = visitor.open()) {
			wire.send(visitor.request("GET", Visitor.CUSTOMER + "frames/1", "Connection: Upgrade\nUpgrade: websocket\n"
					+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\n"));
			wire.reply(true).mustBe(101);
			int frames = visitor.random().nextInt(6);
			for (int i = 0; i < frames; i++) {
				echo(visitor, wire);
			}
			if (visitor.chance()) {
				closeProperly(wire);
			}
			wire.leave(visitor.chance());
		}
		return 1;
	}

	private static void echo(Visitor visitor, Wire wire) throws IOException {
		byte[] text = Integer.toString(visitor.number()).getBytes(StandardCharsets.US_ASCII);
		byte[] frame = new byte[text.length + 6];
		frame[0] = (byte) 0x81;
		frame[1] = (byte) (0x80 | text.length);
		System.arraycopy(text, 0, frame, 6, text.length);
		wire.send(frame);
		byte[] back = wire.read(text.length + 2);
		if (back.length != text.length + 2 || !Arrays.equals(Arrays.copyOfRange(back, 2, back.length), text)) {
			throw new AssertionError("another frame: " + Arrays.toString(back));
		}
	}

	private static void closeProperly(Wire wire) throws IOException {
		wire.send(CLOSE);
		byte[] back = wire.read(4);
		if (back.length != 4 || (back[0] & 0xff) != 0x88) {
			throw new AssertionError("no close frame: " + Arrays.toString(back));
		}
	}

}
