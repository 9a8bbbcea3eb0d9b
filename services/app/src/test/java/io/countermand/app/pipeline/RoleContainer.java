package io.countermand.app.pipeline;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * One role in a container of the project's image, as it is meant to run: not root, root file system
 * read-only. It shares this machine's network, to reach the simulated venues on the loopback
 * interface, and serves health there.
 */
final class RoleContainer implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);
  private static final int DRAIN_SECONDS = 30;
  private static final AtomicInteger PORTS =
      new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 10_000));

  private final String name;
  private final Path configFile;
  private final Map<String, String> overrides;
  private final GenericContainer<?> container;
  private final int port;
  private boolean running = true;

  private RoleContainer(
      String name,
      Path configFile,
      Map<String, String> overrides,
      GenericContainer<?> container,
      int port) {
    this.name = name;
    this.configFile = configFile;
    this.overrides = overrides;
    this.container = container;
    this.port = port;
  }

  /**
   * @param name {@code desk}, {@code ledger} or {@code feed VENUE}
   * @param overrides configuration by environment variable
   */
  static RoleContainer start(String name, Path configFile, Map<String, String> overrides) {
    String[] words = name.split(" ");
    int port = freePort();
    Map<String, String> environment = new HashMap<>(overrides);
    environment.put("COUNTERMAND_CONFIG", configFile.toString());
    environment.put("COUNTERMAND_STATE_DIR", "/tmp/state");
    environment.put("COUNTERMAND_INSTANCE", name.replace(' ', '-'));
    environment.put("COUNTERMAND_HTTP_HOST", "127.0.0.1");
    environment.put("COUNTERMAND_HTTP_PORT", Integer.toString(port));
    environment.put(
        "COUNTERMAND_JAVA_OPTS",
        "-Xms32m -Xmx192m -Dcountermand.log.format=json -Dcountermand.log.level=INFO");
    String data = configFile.getParent().toString();
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(ItMode.OURS))
            .withEnv(environment)
            .withNetworkMode("host")
            .withTmpFs(Map.of("/tmp", "rw,exec,mode=1777,size=256m"))
            .withCommand(words.length == 1 ? words : new String[] {words[0], "--venue", words[1]})
            .withStartupCheckStrategy(new IsRunningStartupCheckStrategy())
            .withCreateContainerCmdModifier(
                create ->
                    create
                        .getHostConfig()
                        .withBinds(Bind.parse(data + ":" + data + ":ro"))
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withMemory(768L * 1024 * 1024));
    container.start();
    return new RoleContainer(name, configFile, overrides, container, port);
  }

  RoleContainer again() {
    close();
    return start(name, configFile, overrides);
  }

  boolean runs() {
    return running;
  }

  int port() {
    return port;
  }

  void awaitReady() {
    Awaitility.await(name + " is ready")
        .atMost(READY_WITHIN)
        .pollInterval(Duration.ofMillis(100))
        .conditionEvaluationListener(null)
        .until(this::ready);
  }

  private boolean ready() throws InterruptedException {
    if (!container.isRunning()) {
      throw new IllegalStateException(name + " has ended:\n" + container.getLogs());
    }
    try {
      var uri = URI.create("http://127.0.0.1:" + port + "/health/ready");
      return HTTP.send(
                  HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false; // not listening yet
    }
  }

  /** By SIGTERM, as an orchestrator stops it. */
  void stop() {
    ContainerStack.docker()
        .stopContainerCmd(container.getContainerId())
        .withTimeout(DRAIN_SECONDS)
        .exec();
    running = false;
  }

  List<String> log() {
    return container.getLogs().lines().toList();
  }

  @Override
  public void close() {
    container.stop();
  }

  /** Below the range that the system takes ports of connections from: none is lost meanwhile. */
  private static int freePort() {
    while (true) {
      int port = PORTS.incrementAndGet();
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        if (port > 32_000) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
