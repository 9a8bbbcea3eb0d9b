package io.countermand.platform;

import io.countermand.platform.process.AotCache;
import io.countermand.platform.process.ChildProcess;
import io.countermand.platform.process.ClassPath;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * A real broker, one KRaft node on disk, as a child process. The same directory again gives the
 * same cluster with its data.
 */
public final class LocalKafka extends LocalService {

  /**
   * System property: more options of the broker's JVM, separated by blanks. The build's tests leave
   * out the second compiler: their brokers end before its work has paid.
   */
  static final String JVM_OPTIONS = "countermand.broker.jvm";

  private static final String ISSUERS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private final Path directory;
  private final Path logs;
  private final int port;
  private final int controllerPort;
  private final @Nullable BrokerLock lock;

  private LocalKafka(
      Path directory, Path logs, int port, int controllerPort, @Nullable BrokerLock lock) {
    this.directory = directory;
    this.logs = logs;
    this.port = port;
    this.controllerPort = controllerPort;
    this.lock = lock;
  }

  /**
   * Returns when the broker answers.
   *
   * @param directory created when missing
   * @param logs where the log files go
   * @param port on the loopback interface; 0: a free one
   * @throws PlatformException with what to do
   */
  public static LocalKafka start(Path directory, Path logs, int port) {
    return start(directory, logs, port, null);
  }

  /**
   * The same.
   *
   * @param lock by which it tells who calls; null: it asks nobody
   */
  public static LocalKafka start(Path directory, Path logs, int port, @Nullable BrokerLock lock) {
    int broker = Ports.check(port, "Kafka");
    LocalKafka kafka = new LocalKafka(directory, logs, broker, Ports.free(), lock);
    kafka.restart();
    return kafka;
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  ChildProcess launch() {
    writeConfig();
    ChildProcess started =
        ChildProcess.start("broker", command(), directory, logs.resolve("broker.out"));
    try {
      started.await(() -> ReachabilityProbe.accepts(port));
      started.await(this::answers);
      return started;
    } catch (RuntimeException e) {
      started.kill();
      throw e;
    }
  }

  private boolean answers() {
    Map<String, Object> config = new HashMap<>(lock == null ? Map.of() : lock.client());
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000);
    try (Admin admin = Admin.create(config)) {
      return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while waiting for the broker.", e);
    }
  }

  private static List<String> moreOptions() {
    String given = System.getProperty(JVM_OPTIONS, "").strip();
    return given.isEmpty() ? List.of() : List.of(given.split("\\s+"));
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.addAll(
        List.of(
            "-Xms256m",
            "-Xmx768m",
            // Pauses of 4 ms; the serial collector's 20, once a second, were what a cancel in a
            // hundred waited for.
            "-Xmn192m",
            "-XX:+UseParallelGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true",
            "-Djava.net.preferIPv4Stack=true",
            "-Dlogback.configurationFile=io/countermand/platform/broker-logback.xml",
            "-Dbroker.logs=" + logs.toAbsolutePath(),
            ChildProcess.graceProperty()));
    command.addAll(moreOptions());
    // Kafka asks no other place for keys of tokens than this says; the broker may ask where we may.
    String issuers = System.getProperty(ISSUERS);
    if (issuers != null) {
      command.add("-D" + ISSUERS + "=" + issuers);
    }
    command.addAll(AotCache.options("broker"));
    command.add("-cp");
    command.add(ClassPath.own());
    command.add(BrokerMain.class.getName());
    command.add(directory.toAbsolutePath().toString());
    return command;
  }

  private void writeConfig() {
    try {
      Files.createDirectories(directory);
      Properties config = BrokerConfig.of(directory, port, controllerPort);
      Path file = directory.resolve("server.properties");
      if (lock != null) {
        lock.apply(config);
        OwnFile.make(file); // it holds a password
      }
      try (Writer out = Files.newBufferedWriter(file)) {
        config.store(out, "Written at every start; changes are lost.");
      }
    } catch (IOException e) {
      throw new PlatformException(
          directory + " cannot be written: " + e + ". Give a directory that is writable.", e);
    }
  }
}
