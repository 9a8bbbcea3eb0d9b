package io.countermand.platform;

import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before a broker that was killed starts again: runs its controller alone until that has fenced the
 * broker's former self.
 *
 * <p>Without it, a single broker that comes back at once is, by its old metadata, still the leader
 * of everything until the session of its former self ends. As the transaction coordinator it begins
 * to end transactions, whose markers go to a listener that is not open yet. Then it is fenced, no
 * partition has a leader, and Kafka 4.3.1 takes a partition without a leader for a deleted one: it
 * writes no marker and calls the transaction complete. Its records hold up every read_committed
 * reader of their partitions for ever. With plain producers on this broker, 12 of 49 SIGKILLs ended
 * so (2026-11-28); {@code transaction.version} makes no difference, and 4.4.0 has the same code
 * ({@code KRaftMetadataCache.getPartitionLeaderEndpoint}, {@code
 * TransactionMarkerChannelManager.addTxnMarkersToBrokerQueue}). A cluster whose partitions find
 * another leader does not meet it.
 */
final class BrokerFencing {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerFencing.class);

  /** One that was killed before it had registered is never fenced. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String CONTROLLER = "kafka.controller:type=KafkaController,name=";

  private BrokerFencing() {}

  /** Returns at once where the broker is new or was stopped cleanly. */
  static void fence(Path directory) throws IOException, JMException, InterruptedException {
    Path log = directory.resolve("log");
    if (Files.exists(log.resolve("meta.properties"))
        && !Files.exists(log.resolve(".kafka_cleanshutdown"))) {
      LOG.atWarn().log("this broker was killed: fencing its former self before it starts");
      var controller = new KafkaRaftServer(new KafkaConfig(alone(directory)), Time.SYSTEM);
      controller.startup();
      try {
        awaitFenced();
      } finally {
        controller.shutdown();
        controller.awaitShutdown();
      }
    }
  }

  private static Properties alone(Path directory) throws IOException {
    Properties config = new Properties();
    try (Reader in = Files.newBufferedReader(directory.resolve("server.properties"))) {
      config.load(in);
    }
    config.setProperty("process.roles", "controller");
    String listeners = config.getProperty("listeners");
    config.setProperty("listeners", listeners.substring(listeners.indexOf("CONTROLLER://")));
    config.remove("advertised.listeners");
    config.remove("inter.broker.listener.name");
    config.setProperty("broker.session.timeout.ms", "1000");
    return config;
  }

  private static void awaitFenced() throws JMException, InterruptedException {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      // Not "none is active": that is so, too, before the controller has counted.
      if (value(beans, "FencedBrokerCount") == 1) {
        return;
      }
      Thread.sleep(20);
    }
  }

  /** -1: not known yet. */
  private static int value(MBeanServer beans, String name) throws JMException {
    var bean = new ObjectName(CONTROLLER + name);
    return beans.isRegistered(bean) && beans.getAttribute(bean, "Value") instanceof Number number
        ? number.intValue()
        : -1;
  }
}
