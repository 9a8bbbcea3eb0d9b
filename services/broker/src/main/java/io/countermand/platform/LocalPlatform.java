package io.countermand.platform;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Kafka and a schema registry on this machine, real, with their data in one directory. */
public final class LocalPlatform implements AutoCloseable {

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().name("platform").start(task);

  private final DataLock lock;
  private final LocalKafka kafka;
  private final LocalRegistry registry;
  private volatile boolean closed;

  private LocalPlatform(DataLock lock, LocalKafka kafka, LocalRegistry registry) {
    this.lock = lock;
    this.kafka = kafka;
    this.registry = registry;
  }

  /**
   * How to run it.
   *
   * @param data directory, created when missing; its logs are in {@code logs}
   * @param kafkaPort on the loopback interface; 0: a free one
   * @param registryPort on the loopback interface; 0: a free one
   * @param broker how it tells who calls; null: it asks nobody
   * @param registry how it tells who calls; null: it asks nobody
   */
  public record Options(
      Path data,
      int kafkaPort,
      int registryPort,
      @Nullable BrokerLock broker,
      @Nullable RegistryLock registry) {

    /** Open to all who reach it. */
    public Options(Path data, int kafkaPort, int registryPort) {
      this(data, kafkaPort, registryPort, null, null);
    }
  }

  /**
   * Returns when both answer; on failure neither runs.
   *
   * @throws PlatformException with what to do
   */
  public static LocalPlatform start(Options options) {
    Options checked = checked(options);
    return run(checked, DataLock.take(options.data()));
  }

  /**
   * The same.
   *
   * @param lock of its data, taken before; released when this closes or fails
   */
  public static LocalPlatform start(Options options, DataLock lock) {
    Options checked;
    try {
      checked = checked(options);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    return run(checked, lock);
  }

  /** What is plainly wrong is said before anything starts. With ports for 0. */
  private static Options checked(Options options) {
    int kafkaPort = Ports.check(options.kafkaPort(), "Kafka");
    int registryPort = Ports.check(options.registryPort(), "Schema registry");
    RegistryHome.find();
    return new Options(
        options.data(), kafkaPort, registryPort, options.broker(), options.registry());
  }

  private static LocalPlatform run(Options options, DataLock lock) {
    Path data = options.data();
    Path logs = data.resolve("logs");
    CompletableFuture<LocalKafka> kafka =
        async(
            () ->
                LocalKafka.start(
                    data.resolve("kafka"), logs, options.kafkaPort(), options.broker()));
    CompletableFuture<LocalRegistry> registry =
        async(
            () ->
                LocalRegistry.start(
                    data.resolve("registry"), logs, options.registryPort(), options.registry()));
    try {
      return new LocalPlatform(lock, kafka.join(), registry.join());
    } catch (CompletionException e) {
      kafka.handle((started, failure) -> closed(started)).join();
      registry.handle((started, failure) -> closed(started)).join();
      lock.close();
      throw e.getCause() instanceof PlatformException ours
          ? ours
          : new PlatformException("The platform cannot be started: " + e.getCause(), e.getCause());
    }
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  public String registryUrl() {
    return registry.url();
  }

  /** SIGKILL to the broker. */
  public void killBroker() {
    kafka.kill();
  }

  /** Clean shutdown of the broker. */
  public void stopBroker() {
    kafka.stop();
  }

  /** Returns when the broker answers again, on the same port with the same data. */
  public void restartBroker() {
    requireOpen();
    kafka.restart();
  }

  /** Clean shutdown of the registry. */
  public void stopRegistry() {
    registry.stop();
  }

  /** SIGKILL to the registry. */
  public void killRegistry() {
    registry.kill();
  }

  /** Returns when the registry answers again, on the same port with the same ids. */
  public void restartRegistry() {
    requireOpen();
    registry.restart();
  }

  /** True while both run. */
  public boolean isRunning() {
    return kafka.isRunning() && registry.isRunning();
  }

  /** A loopback port that nobody listens on now. */
  public static int freePort() {
    return Ports.free();
  }

  /** Clean shutdown of both, at most 10 s; a second time does nothing. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture.allOf(
            CompletableFuture.runAsync(kafka::close, VIRTUAL),
            CompletableFuture.runAsync(registry::close, VIRTUAL))
        .join();
    lock.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The platform is closed.");
    }
  }

  /** Of the broker that runs now, or ran last. */
  public long brokerPid() {
    return kafka.pid();
  }

  long registryPid() {
    return registry.pid();
  }

  private static <T> CompletableFuture<T> async(Supplier<T> start) {
    return CompletableFuture.supplyAsync(start, VIRTUAL);
  }

  private static boolean closed(@Nullable AutoCloseable started) {
    if (started instanceof LocalService service) {
      service.close();
    }
    return true;
  }
}
