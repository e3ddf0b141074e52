package com.deliveryservice.authgateway.forward;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An upload far larger than the memory it may take arrives whole, and waits at the client
 * while the backend takes nothing.
 */
class LargeUploadTests {

	private static final long LENGTH = 2L << 30;

	/** What the buffers of four sockets and the gateway's own may hold together. */
	private static final long BUFFERS = 64L << 20;

	private static final int PIECE = 64 * 1024;

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	private final CountDownLatch takes = new CountDownLatch(1);

	private final AtomicLong sent = new AtomicLong();

	private volatile long mostMemory;

	private long sentBefore;

	@AfterEach
	void stop() {
		this.takes.countDown();
		this.threads.shutdownNow();
	}

	@Test
	void twoGibibytesArriveWholeInLittleMemory() throws Exception {
		long before = directMemory();
		try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				EdgeUnderTest edge = EdgeUnderTest.with("edge.body-timeout", "1m")
					.route("public", "/public/**", backend.getLocalPort(), "access.anonymous", "true", "max-body",
							"3GB", "timeout.first-byte", "1m")
					.start();
				Socket client = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
			client.setSoTimeout(60_000);
			Future<Long> received = this.threads.submit(() -> receive(backend));
			Future<Long> written = this.threads.submit(upload(client));
			Awaitility.await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(20)).until(this::waits);
			assertThat(this.sent.get()).isPositive().isLessThan(BUFFERS);
			this.takes.countDown();
			assertThat(received.get(2, TimeUnit.MINUTES)).isEqualTo(written.get(1, TimeUnit.MINUTES));
			assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 200");
		}
		assertThat(this.mostMemory - before).isLessThan(BUFFERS);
	}

	private boolean waits() {
		long now = this.sent.get();
		boolean same = now > 0 && now == this.sentBefore;
		this.sentBefore = now;
		return same;
	}

	/** Its checksum. */
	private Callable<Long> upload(Socket client) {
		return () -> {
			OutputStream out = client.getOutputStream();
			out.write(("POST /public/x HTTP/1.1\r\nHost: a\r\nContent-Length: " + LENGTH + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			CRC32C sum = new CRC32C();
			byte[] piece = new byte[PIECE];
			for (long at = 0; at < LENGTH; at += PIECE) {
				ByteBuffer.wrap(piece).putLong(at);
				out.write(piece);
				sum.update(piece);
				this.sent.addAndGet(PIECE);
			}
			return sum.getValue();
		};
	}

	/** The checksum of what came. */
	private long receive(ServerSocket backend) throws IOException, InterruptedException {
		try (Socket connection = backend.accept()) {
			InputStream in = connection.getInputStream();
			for (int end = 0; end != 0x0D0A0D0A;) {
				end = (end << 8) | in.read();
			}
			this.takes.await(1, TimeUnit.MINUTES);
			CRC32C sum = new CRC32C();
			byte[] piece = new byte[PIECE];
			for (long left = LENGTH; left > 0;) {
				int read = in.read(piece, 0, (int) Math.min(left, PIECE));
				if (read < 0) {
					throw new IOException(left + " bytes are missing");
				}
				sum.update(piece, 0, read);
				left -= read;
				this.mostMemory = Math.max(this.mostMemory, directMemory());
			}
			connection.getOutputStream()
				.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return sum.getValue();
		}
	}

	private static long directMemory() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

}
