package io.countermand.platform;

import io.countermand.platform.process.AotCache;
import io.countermand.platform.process.ChildProcess;
import io.countermand.platform.process.ClassPath;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A real schema registry, Apicurio with its database on disk, as a child process. It speaks
 * Confluent's API; the same directory again gives the same schema ids.
 */
public final class LocalRegistry extends LocalService {

  private final Path home;
  private final Path directory;
  private final Path logs;
  private final int port;
  private final @Nullable RegistryLock lock;

  private LocalRegistry(
      Path home, Path directory, Path logs, int port, @Nullable RegistryLock lock) {
    this.home = home;
    this.directory = directory;
    this.logs = logs;
    this.port = port;
    this.lock = lock;
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
    return start(directory, logs, port, null);
  }

  /**
   * The same.
   *
   * @param lock by which it tells who calls; null: it asks nobody
   */
  public static LocalRegistry start(
      Path directory, Path logs, int port, @Nullable RegistryLock lock) {
    Path home = RegistryHome.find();
    LocalRegistry registry =
        new LocalRegistry(home, directory, logs, Ports.check(port, "Schema registry"), lock);
    registry.restart();
    return registry;
  }

  /** For Confluent's clients. */
  public String url() {
    return (lock == null ? "http" : "https") + "://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  @Override
  ChildProcess launch() {
    try {
      Files.createDirectories(directory.resolve("tmp"));
      writeConfig();
    } catch (IOException e) {
      throw new PlatformException(
          directory + " cannot be written: " + e + ". Give a directory that is writable.", e);
    }
    ChildProcess started =
        ChildProcess.start("registry", command(), directory, logs.resolve("registry.log"));
    try {
      started.await(() -> ReachabilityProbe.ok(URI.create(url() + "/subjects"), lock));
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
    command.add("-Djava.io.tmpdir=" + data.resolve("tmp"));
    command.add("-cp");
    command.add(
        ClassPath.of(RegistryMain.class)
            + File.pathSeparator
            + ClassPath.of(Parent.class)
            + File.pathSeparator
            + home.resolve("quarkus-run.jar"));
    command.add(RegistryMain.class.getName());
    command.add(data.toString());
    return command;
  }

  /** Where Quarkus looks in its working directory. Not arguments, which everybody may read. */
  private void writeConfig() throws IOException {
    Path data = directory.toAbsolutePath();
    Properties settings = new Properties();
    settings.putAll(RegistryConfig.of(data, port, lock));
    settings.setProperty("config_ordinal", "500"); // before the environment
    var text = new StringWriter();
    settings.store(text, "Written at every start; changes are lost.");
    Path config = Files.createDirectories(data.resolve("config"));
    OwnFile.write(
        config.resolve("application.properties"), text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
