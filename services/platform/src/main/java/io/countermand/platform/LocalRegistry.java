package io.countermand.platform;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real schema registry, Apicurio with its database on disk, as a child process. It speaks
 * Confluent's API; the same directory again gives the same schema ids.
 */
public final class LocalRegistry implements AutoCloseable {

  private final Path home;
  private final Path directory;
  private final Path logs;
  private final int port;
  private volatile ChildProcess child;

  private LocalRegistry(Path home, Path directory, Path logs, int port) {
    this.home = home;
    this.directory = directory;
    this.logs = logs;
    this.port = port;
    this.child = launch();
  }

  /**
   * Returns when the registry answers.
   *
   * @param directory created when missing
   * @param logs where the log files go
   * @param port on the loopback interface; 0: a free one
   * @throws PlatformException with what to do
   */
  public static LocalRegistry start(Path directory, Path logs, int port) {
    Path home = RegistryHome.find();
    return new LocalRegistry(home, directory, logs, Ports.check(port, "Schema registry"));
  }

  /** For Confluent's clients. */
  public String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  public boolean isRunning() {
    return child.isAlive();
  }

  /** SIGKILL. */
  public synchronized void kill() {
    child.kill();
  }

  /** Clean shutdown. */
  public synchronized void stop() {
    child.close();
  }

  /** Starts again on the same port and data; does nothing while it runs. */
  public synchronized void restart() {
    if (!child.isAlive()) {
      child = launch();
    }
  }

  @Override
  public void close() {
    stop();
  }

  long pid() {
    return child.pid();
  }

  private ChildProcess launch() {
    try {
      Files.createDirectories(directory.resolve("tmp"));
    } catch (IOException e) {
      throw new PlatformException(
          directory + " cannot be written: " + e + ". Give a directory that is writable.", e);
    }
    ChildProcess started =
        ChildProcess.start("registry", command(), directory, logs.resolve("registry.log"));
    try {
      started.await(() -> ReachabilityProbe.ok(URI.create(url() + "/subjects")));
      return started;
    } catch (RuntimeException e) {
      started.kill();
      throw e;
    }
  }

  private List<String> command() {
    Path data = directory.toAbsolutePath();
    List<String> command = new ArrayList<>();
    command.add(ChildProcess.java());
    command.addAll(
        List.of(
            "-Xms64m",
            "-Xmx320m",
            "-XX:+UseSerialGC",
            // It answers a handful of requests; starting soon matters more.
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.net.preferIPv4Stack=true",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            ChildProcess.graceProperty()));
    command.addAll(AotCache.options("registry"));
    RegistryConfig.of(data, port).forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-cp");
    command.add(ClassPath.module() + File.pathSeparator + home.resolve("quarkus-run.jar"));
    command.add(RegistryMain.class.getName());
    command.add(data.toString());
    return command;
  }
}
