package io.countermand.bench.measure;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * How many requests of each kind the broker has had, by its own meters ({@code RequestMetrics}).
 */
public final class BrokerRequests implements AutoCloseable {

  private static final String METERS =
      "kafka.network:type=RequestMetrics,name=RequestsPerSec,request=*,*";

  /** Kafka counts these a second time, as {@code Fetch}. */
  private static final Set<String> COUNTED_TWICE = Set.of("FetchConsumer", "FetchFollower");

  private final JMXConnector connector;
  private final MBeanServerConnection broker;

  private BrokerRequests(JMXConnector connector) throws IOException {
    this.connector = connector;
    this.broker = connector.getMBeanServerConnection();
  }

  /**
   * @param pid of a broker of this user
   * @throws IllegalStateException if it lets nobody in
   */
  @SuppressWarnings("BanJNDI")
  public // the address is that of our own child, on this machine
  static BrokerRequests of(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        String address = machine.startLocalManagementAgent();
        return new BrokerRequests(JMXConnectorFactory.connect(new JMXServiceURL(address)));
      } finally {
        machine.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw new IllegalStateException("the broker's meters cannot be read", e);
    }
  }

  /** Since the broker began, by the API's name. */
  public SortedMap<String, Long> counts() throws IOException {
    try {
      SortedMap<String, Long> counts = new TreeMap<>();
      for (ObjectName name : broker.queryNames(new ObjectName(METERS), null)) {
        String kind = name.getKeyProperty("request");
        if (!COUNTED_TWICE.contains(kind)) {
          counts.merge(kind, (Long) broker.getAttribute(name, "Count"), Long::sum);
        }
      }
      return counts;
    } catch (JMException e) {
      throw new IOException("the broker's meters cannot be read", e);
    }
  }

  /** What came since, of each kind that came at all. */
  public static SortedMap<String, Long> since(Map<String, Long> before, Map<String, Long> after) {
    SortedMap<String, Long> grown = new TreeMap<>();
    after.forEach(
        (name, count) -> {
          long more = count - before.getOrDefault(name, 0L);
          if (more > 0) {
            grown.put(name, more);
          }
        });
    return grown;
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
