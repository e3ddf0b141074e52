import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.sun.tools.attach.VirtualMachine;

/**
 * The memory of another process: what is resident, and of a JVM what is reachable on the
 * heap after collections, and its direct buffers.
 */
class Footprint implements AutoCloseable {

	private final long pid;

	private JMXConnector jmx;

	private MemoryMXBean heap;

	private BufferPoolMXBean direct;

	Footprint(long pid, boolean jvm) throws Exception {
		this.pid = pid;
		if (jvm) {
			attach();
		}
	}

	private void attach() throws Exception {
		VirtualMachine machine = VirtualMachine.attach(Long.toString(this.pid));
		this.jmx = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
		machine.detach();
		MBeanServerConnection beans = this.jmx.getMBeanServerConnection();
		this.heap = JMX.newMXBeanProxy(beans, new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME), MemoryMXBean.class);
		this.direct = JMX.newMXBeanProxy(beans, new ObjectName("java.nio:type=BufferPool,name=direct"),
				BufferPoolMXBean.class);
	}

	/**
	 * Takes it when things have settled for a moment.
	 */
	Memory take() throws Exception {
		Thread.sleep(1000);
		if (this.jmx == null) {
			return new Memory(resident(), -1, -1);
		}
		for (int i = 0; i < 2; i++) {
			this.heap.gc();
			Thread.sleep(500);
		}
		return new Memory(resident(), this.heap.getHeapMemoryUsage().getUsed(), this.direct.getMemoryUsed());
	}

	private long resident() throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/" + this.pid + "/status"))) {
			if (line.startsWith("VmRSS:")) {
				return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
			}
		}
		throw new IOException("no VmRSS");
	}

	@Override
	public void close() throws IOException {
		if (this.jmx != null) {
			this.jmx.close();
		}
	}

	/**
	 * In bytes.
	 *
	 * @param heap -1 if it has none
	 * @param direct -1 if it has none
	 */
	record Memory(long resident, long heap, long direct) {

		/** Bytes for each of so many: resident, heap, direct; a dash if there is none. */
		String less(Memory before, int count) {
			String resident = Long.toString((this.resident - before.resident) / count);
			return (this.heap < 0) ? resident + " - -"
					: resident + " " + (this.heap - before.heap) / count + " " + (this.direct - before.direct) / count;
		}

	}

}
