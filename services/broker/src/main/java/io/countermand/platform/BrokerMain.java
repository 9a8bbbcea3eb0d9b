package io.countermand.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** A broker as a child process: formats its storage when it is new, then runs Kafka's own main. */
final class BrokerMain {

  private BrokerMain() {}

  /** One argument: the directory with {@code server.properties}. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    String config = directory.resolve("server.properties").toString();
    Parent.waitForPredecessor(directory);
    Parent.dieWithParent();
    // In this order: what has just been formatted looks as if it had been killed.
    BrokerFencing.fence(directory);
    if (!Files.exists(directory.resolve("log").resolve("meta.properties"))) {
      format(config);
    }
    Kafka.main(new String[] {config});
  }

  private static void format(String config) {
    // Chosen when transactions hung after a broker's SIGKILL. BrokerFencing has the cause; whether
    // version 2 would do now was not tried.
    String[] format = {
      "format",
      "--config",
      config,
      "--cluster-id",
      Uuid.randomUuid().toString(),
      "--feature",
      "transaction.version=1",
    };
    int status = StorageTool.execute(format, System.out);
    if (status != 0) {
      throw new IllegalStateException("Storage cannot be formatted: status " + status);
    }
  }
}
