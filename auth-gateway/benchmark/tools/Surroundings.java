import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.deliveryservice.authgateway.devstack.WorkflowAuthStandIn;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.slf4j.LoggerFactory;

/**
 * What the gateway needs around it: a real PostgreSQL and the stand-in of workflow-auth,
 * until this process is ended. Ports and the secret come from the environment that
 * {@code run} sets. Says {@code READY} when both are.
 * <p>
 * Usage: {@code java -cp TEST_CLASS_PATH Surroundings.java}
 */
class Surroundings {

	public static void main(String[] args) throws Exception {
		((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
		EmbeddedPostgres.builder().setPort(port("BENCH_POSTGRES_PORT")).start();
		WorkflowAuthStandIn.start(port("BENCH_WORKFLOW_AUTH_PORT"),
				"http://localhost:" + port("BENCH_INTERNAL_PORT"), "workflow-auth",
				System.getenv("BENCH_INTERNAL_SECRET"));
		System.out.println("READY");
		Thread.currentThread().join();
	}

	private static int port(String name) {
		return Integer.parseInt(System.getenv(name));
	}

}
