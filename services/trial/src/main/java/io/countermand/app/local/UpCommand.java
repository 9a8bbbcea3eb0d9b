package io.countermand.app.local;

import io.countermand.app.cli.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Runs everything on this machine until Ctrl-C: Kafka, registry, simulated venues, desk,"
            + " ledger. Any Kafka client can join.")
public final class UpCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where everything is kept, also between runs. Default: data/up; with --locked,"
              + " data/locked.")
  private @Nullable Path data;

  @Option(
      names = "--locked",
      description =
          "With TLS, a login for each role, and ACLs; each role's configuration is DIR/ROLE.yaml.")
  private boolean locked;

  @Option(
      names = "--kafka-port",
      paramLabel = "P",
      defaultValue = "0",
      description = "Kafka's port on 127.0.0.1. Default: a free one.")
  private int kafkaPort;

  @Option(
      names = "--registry-port",
      paramLabel = "P",
      defaultValue = "0",
      description = "The schema registry's port on 127.0.0.1. Default: a free one.")
  private int registryPort;

  @Option(
      names = "--simulator-port",
      paramLabel = "P",
      defaultValue = "0",
      description = "The simulated venues' port on 127.0.0.1. Default: a free one.")
  private int simulatorPort;

  @Option(
      names = "--venues",
      split = ",",
      paramLabel = "ADAPTER",
      description = "Venues to simulate. Default: all that there are.")
  private List<String> venues = List.of();

  @Option(
      names = "--latency",
      paramLabel = "L",
      defaultValue = "5ms",
      description =
          "Latency of the simulated venues: 5ms, 1ms..20ms, or 5ms~0.5 (lognormal). Default:"
              + " ${DEFAULT-VALUE}.")
  private String latency = "5ms";

  @Override
  public Integer call() throws IOException, InterruptedException {
    var terminal = new Terminal(System.out);
    var options =
        new LocalStack.Options(
            directory().toAbsolutePath().normalize(),
            kafkaPort,
            registryPort,
            venues(venues),
            latency,
            false,
            System.getenv(),
            locked,
            LocalStack.SEED,
            simulatorPort);
    try (var stack = LocalStack.start(options, terminal::line);
        var console = LocalConsole.open(stack)) {
      UpText.lines(stack, console.address(), locked).forEach(terminal::line);
      stack.awaitStop();
      return 0;
    }
  }

  private Path directory() {
    if (data != null) {
      return data;
    }
    return Path.of("data", locked ? "locked" : "up");
  }

  /** Instance name to adapter; each adapter once, under its own name. */
  public static Map<String, String> venues(List<String> wanted) {
    List<String> served = LocalVenues.served();
    Map<String, String> venues = new LinkedHashMap<>();
    for (String adapter : wanted.isEmpty() ? served : wanted) {
      if (!served.contains(adapter)) {
        throw new IllegalArgumentException(
            "no venue '" + adapter + "' to simulate; there are " + String.join(", ", served));
      }
      venues.put(adapter, adapter);
    }
    return venues;
  }
}
