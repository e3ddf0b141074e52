package com.deliveryservice.authgateway.forward;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.deliveryservice.authgateway.testing.Certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * gRPC through the gateway: HTTP/2 on both sides, spoken by gRPC's own client and server.
 */
class GrpcTests {

	private static final Certificate CERTIFICATE = Certificate.ofLocalhost();

	private static final Metadata.Key<String> AUTHORIZATION = key("authorization");

	private static final Metadata.Key<String> DETAIL = key("x-detail");

	private final AtomicReference<Metadata> seen = new AtomicReference<>();

	private final CountDownLatch cancelled = new CountDownLatch(1);

	private Server server;

	private EdgeUnderTest edge;

	private ManagedChannel channel;

	@BeforeEach
	void start() throws Exception {
		this.server = NettyServerBuilder.forPort(0)
			.addService(service())
			.maxInboundMessageSize(16 << 20)
			.build()
			.start();
		this.edge = EdgeUnderTest.with()
			.route("meals", "/meals.Meals/**", this.server.getPort(), "http2", "true", "access.user-types[0]",
					"customer")
			.route("staff", "/staff.Staff/**", this.server.getPort(), "http2", "true", "access.user-types[0]",
					"manager")
			.and("edge.body-timeout", "500ms", "edge.request-timeout", "1s")
			.tls(CERTIFICATE)
			.start();
		this.channel = NettyChannelBuilder.forAddress("localhost", this.edge.port())
			.sslContext(GrpcSslContexts.forClient().trustManager(CERTIFICATE.trust()).build())
			.maxInboundMessageSize(16 << 20)
			.build();
	}

	@AfterEach
	void stop() throws Exception {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() + this.edge.streams() == 0);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.upstreamConnections() == 0);
		this.edge.close();
		this.server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	@Test
	void aCallArrivesWithIdentityAndItsAnswerWithTrailers() {
		AtomicReference<Metadata> trailers = new AtomicReference<>();
		Metadata spoofed = bearer("customer");
		spoofed.put(key("x-auth-user-id"), "spoofed");
		String answer = ClientCalls.blockingUnaryCall(
				io.grpc.ClientInterceptors.intercept(this.channel, MetadataUtils.newAttachHeadersInterceptor(spoofed),
						MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers)),
				method("Order", MethodDescriptor.MethodType.UNARY), CallOptions.DEFAULT, "soup");
		assertThat(answer).isEqualTo("soup!");
		Metadata headers = Objects.requireNonNull(this.seen.get());
		assertThat(headers.getAll(key("x-auth-user-id"))).containsExactly(EdgeUnderTest.USER.toString());
		assertThat(headers.get(key("x-auth-assertion"))).isEqualTo("assertion-for-meals");
		assertThat(headers.get(AUTHORIZATION)).isNull();
		assertThat(headers.get(key("via"))).isEqualTo("2.0 auth-gateway");
		assertThat(Objects.requireNonNull(trailers.get()).get(DETAIL)).isEqualTo("hot");
	}

	@Test
	void aFailureArrivesAsItIs() {
		assertThatThrownBy(() -> call("Fail", "x")).isInstanceOfSatisfying(StatusRuntimeException.class, (failure) -> {
			assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
			assertThat(failure.getStatus().getDescription()).isEqualTo("no such meal");
		});
	}

	@Test
	void largeMessagesPassBothWays() {
		String large = "x".repeat(5_000_000);
		assertThat(call("Order", large)).isEqualTo(large + "!");
	}

	@Test
	void aStreamOfAnswersComesInOrder() {
		Iterator<String> answers = ClientCalls.blockingServerStreamingCall(as("customer"),
				method("Count", MethodDescriptor.MethodType.SERVER_STREAMING), CallOptions.DEFAULT, "1000");
		List<String> all = new ArrayList<>();
		answers.forEachRemaining(all::add);
		assertThat(all).hasSize(1000).startsWith("0", "1").endsWith("999");
	}

	@Test
	void aDialogueMayPauseForLongerThanARequestMay() throws Exception {
		LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
		StreamObserver<String> questions = dialogue(answers);
		questions.onNext("a");
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("a!");
		assertThat(this.edge.streams()).isOne();
		assertThat(answers.poll(1500, TimeUnit.MILLISECONDS)).isNull();
		questions.onNext("b");
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("b!");
		questions.onCompleted();
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("completed");
	}

	@Test
	void aCancelReachesTheBackend() throws Exception {
		ClientCall<String, String> call = as("customer")
			.newCall(method("Talk", MethodDescriptor.MethodType.BIDI_STREAMING), CallOptions.DEFAULT);
		LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
		StreamObserver<String> questions = ClientCalls.asyncBidiStreamingCall(call, observer(answers));
		questions.onNext("a");
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("a!");
		call.cancel("enough", null);
		assertThat(this.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void theEndOfTheSessionEndsACallWithItsStatus() throws Exception {
		LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
		dialogue(answers).onNext("a");
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("a!");
		this.edge.end(EdgeUnderTest.SESSION);
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("UNAUTHENTICATED");
		assertThat(this.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void theEndOfTheSessionEndsACallThatHasNoAnswerYet() throws Exception {
		LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
		StreamObserver<String> silent = ClientCalls.asyncBidiStreamingCall(as("customer").newCall(
				method("Listen", MethodDescriptor.MethodType.BIDI_STREAMING), CallOptions.DEFAULT), observer(answers));
		silent.onNext("a");
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.edge.inFlight() == 1);
		this.edge.end(EdgeUnderTest.SESSION);
		assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("UNAUTHENTICATED");
		assertThat(this.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void refusalsAreGrpcStatuses() {
		assertThat(statusOf(() -> call(this.channel, "meals.Meals/Order", "x"))).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(statusOf(() -> call(as("customer"), "staff.Staff/Order", "x")))
			.isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(statusOf(() -> call(as("customer"), "other.Other/Order", "x"))).isEqualTo(Status.Code.UNIMPLEMENTED);
	}

	@Test
	void aBackendThatIsAwayIsUnavailable() throws Exception {
		this.server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		assertThat(statusOf(() -> call("Order", "x"))).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void aBackendThatIsRestartedIsFoundAgain() throws Exception {
		assertThat(call("Order", "a")).isEqualTo("a!");
		int port = this.server.getPort();
		this.server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		this.server = NettyServerBuilder.forPort(port).addService(service()).build().start();
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(call("Order", "b")).isEqualTo("b!"));
	}

	private StreamObserver<String> dialogue(LinkedBlockingQueue<String> answers) {
		return ClientCalls.asyncBidiStreamingCall(
				as("customer").newCall(method("Talk", MethodDescriptor.MethodType.BIDI_STREAMING), CallOptions.DEFAULT),
				observer(answers));
	}

	private static StreamObserver<String> observer(LinkedBlockingQueue<String> answers) {
		return new StreamObserver<>() {

			@Override
			public void onNext(String value) {
				answers.add(value);
			}

			@Override
			public void onError(Throwable failure) {
				answers.add(Status.fromThrowable(failure).getCode().name());
			}

			@Override
			public void onCompleted() {
				answers.add("completed");
			}

		};
	}

	private static Status.Code statusOf(Runnable call) {
		try {
			call.run();
			return Status.Code.OK;
		}
		catch (StatusRuntimeException ex) {
			return ex.getStatus().getCode();
		}
	}

	private String call(String name, String request) {
		return call(as("customer"), "meals.Meals/" + name, request);
	}

	private static String call(io.grpc.Channel channel, String fullName, String request) {
		return ClientCalls.blockingUnaryCall(channel, named(fullName, MethodDescriptor.MethodType.UNARY),
				CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), request);
	}

	private io.grpc.Channel as(String token) {
		return io.grpc.ClientInterceptors.intercept(this.channel,
				MetadataUtils.newAttachHeadersInterceptor(bearer(token)));
	}

	private static Metadata bearer(String token) {
		Metadata metadata = new Metadata();
		metadata.put(AUTHORIZATION, "Bearer " + token);
		return metadata;
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

	private ServerServiceDefinition service() {
		return ServerInterceptors.intercept(ServerServiceDefinition.builder("meals.Meals")
			.addMethod(method("Order", MethodDescriptor.MethodType.UNARY), ServerCalls.asyncUnaryCall(this::order))
			.addMethod(method("Fail", MethodDescriptor.MethodType.UNARY),
					ServerCalls.asyncUnaryCall((request, answer) -> answer
						.onError(new StatusException(Status.NOT_FOUND.withDescription("no such meal")))))
			.addMethod(method("Count", MethodDescriptor.MethodType.SERVER_STREAMING),
					ServerCalls.asyncServerStreamingCall(GrpcTests::count))
			.addMethod(method("Talk", MethodDescriptor.MethodType.BIDI_STREAMING),
					ServerCalls.asyncBidiStreamingCall(this::talk))
			.addMethod(method("Listen", MethodDescriptor.MethodType.BIDI_STREAMING),
					ServerCalls.asyncBidiStreamingCall(this::listen))
			.build(), new Recorder());
	}

	/** Hears everything and says nothing. */
	private StreamObserver<String> listen(StreamObserver<String> answer) {
		((ServerCallStreamObserver<String>) answer).setOnCancelHandler(this.cancelled::countDown);
		return observer(new LinkedBlockingQueue<>());
	}

	private void order(String request, StreamObserver<String> answer) {
		answer.onNext(request + "!");
		answer.onCompleted();
	}

	private static void count(String most, StreamObserver<String> answer) {
		for (int i = 0; i < Integer.parseInt(most); i++) {
			answer.onNext(String.valueOf(i));
		}
		answer.onCompleted();
	}

	private StreamObserver<String> talk(StreamObserver<String> answer) {
		((ServerCallStreamObserver<String>) answer).setOnCancelHandler(this.cancelled::countDown);
		return new StreamObserver<>() {

			@Override
			public void onNext(String value) {
				answer.onNext(value + "!");
			}

			@Override
			public void onError(Throwable failure) {
				GrpcTests.this.cancelled.countDown();
			}

			@Override
			public void onCompleted() {
				answer.onCompleted();
			}

		};
	}

	private static MethodDescriptor<String, String> method(String name, MethodDescriptor.MethodType type) {
		return named("meals.Meals/" + name, type);
	}

	private static MethodDescriptor<String, String> named(String fullName, MethodDescriptor.MethodType type) {
		return MethodDescriptor.<String, String>newBuilder()
			.setType(type)
			.setFullMethodName(fullName)
			.setRequestMarshaller(new Text())
			.setResponseMarshaller(new Text())
			.build();
	}

	/** Keeps the metadata of the last call, and answers with a trailer. */
	private final class Recorder implements ServerInterceptor {

		@Override
		public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
				ServerCallHandler<Q, A> next) {
			GrpcTests.this.seen.set(headers);
			return next.startCall(new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<Q, A>(call) {

				@Override
				public void close(Status status, Metadata trailers) {
					trailers.put(DETAIL, "hot");
					super.close(status, trailers);
				}

			}, headers);
		}

	}

	/** Messages are plain text. */
	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
