package io.countermand.platform;

import java.nio.file.Path;
import java.util.Properties;

/** Settings of a single local broker: everything replicated once, and small. */
final class BrokerConfig {

  private BrokerConfig() {}

  static Properties of(Path directory, int port, int controllerPort) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.setProperty(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("inter.broker.listener.name", "PLAINTEXT");
    p.setProperty("log.dirs", directory.resolve("log").toAbsolutePath().toString());
    p.setProperty("auto.create.topics.enable", "false");
    // Dead letters are the largest: 4 MiB of record, and room for its batch.
    p.setProperty("message.max.bytes", String.valueOf(4 * 1024 * 1024 + 64 * 1024));
    internalTopics(p);
    quickStart(p);
    small(p);
    return p;
  }

  private static void internalTopics(Properties p) {
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "12");
    // A dead consumer's place in its share group is given up after 6 s instead of 45.
    p.setProperty("group.share.min.session.timeout.ms", "6000");
    p.setProperty("group.share.session.timeout.ms", "6000");
    p.setProperty("group.share.min.heartbeat.interval.ms", "1000");
    p.setProperty("group.share.heartbeat.interval.ms", "2000");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "12");
    // What somebody else's open transaction holds back at the longest; the ledger's own are
    // shorter.
    p.setProperty("transaction.max.timeout.ms", "10000");
    // Looks every second, instead of every ten, whether a transaction is over its time.
    p.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "12");
  }

  private static void quickStart(Properties p) {
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("controller.quorum.election.timeout.ms", "250");
    p.setProperty("controller.quorum.election.backoff.max.ms", "100");
    // A broker that was killed is let in again when its old session has ended.
    p.setProperty("broker.heartbeat.interval.ms", "500");
    p.setProperty("broker.session.timeout.ms", "3000");
  }

  private static void small(Properties p) {
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "4");
    p.setProperty("log.cleaner.threads", "1");
    // Default 128 MiB, taken at the start.
    p.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(16 * 1024 * 1024));
  }
}
