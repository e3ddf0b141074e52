import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * Origin and clients of what stays open, with one target of the benchmark between them,
 * each side on a thread of its own. Prints one line of numbers; anything but the expected
 * bytes ends it.
 * <p>
 * Usage: {@code java -cp CLASSES:TEST_CLASS_PATH LiveLoad name=value…}
 */
class LiveLoad {

	private final Map<String, String> given = new HashMap<>();

	public static void main(String[] args) {
		LiveLoad load = new LiveLoad();
		for (String arg : args) {
			load.given.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
		}
		try {
			System.out.println(load.run());
			System.exit(0);
		}
		catch (Throwable ex) {
			System.out.println("FAILED " + ex);
			ex.printStackTrace();
			System.exit(1);
		}
	}

	private String run() throws Exception {
		boolean epoll = Epoll.isAvailable();
		IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
		Class<? extends ServerChannel> server = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
		Class<? extends Channel> client = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
		EventLoopGroup origins = new MultiThreadIoEventLoopGroup(1, io);
		EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, io);
		LiveOrigin origin = new LiveOrigin(origins);
		origin.listen(Integer.parseInt(this.given.get("origin")), server);
		List<String> tokens = Files.readAllLines(Path.of(this.given.get("tokens")));
		Clients opened = new Clients(clients, client, (int) number("port"), tokens);
		return measure(origin, opened);
	}

	private String measure(LiveOrigin origin, Clients clients) throws Exception {
		int count = (int) number("connections");
		long pid = number("pid");
		return switch (this.given.get("part")) {
			case "sse" -> new EventStreams(origin, clients, count).run(pid, number("warm-up"), number("duration"));
			case "websocket" -> new EchoSockets(origin, clients, count).run(pid, number("warm-up"), number("duration"));
			case "keep-alive" -> new IdleConnections(clients, count).run(pid, isJvm(), false);
			case "idle-websocket" -> new IdleConnections(clients, count).run(pid, isJvm(), true);
			default -> throw new IllegalArgumentException("part: " + this.given.get("part"));
		};
	}

	private boolean isJvm() {
		return "yes".equals(this.given.get("jvm"));
	}

	private long number(String name) {
		return Long.parseLong(this.given.get(name));
	}

}
