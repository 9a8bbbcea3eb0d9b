package io.countermand.app.local;

import io.countermand.app.cli.Terminal;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
      defaultValue = "data/up",
      description = "Where everything is kept, also between runs. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/up");

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
            data.toAbsolutePath().normalize(),
            kafkaPort,
            registryPort,
            venues(venues),
            latency,
            false,
            System.getenv());
    try (var stack = LocalStack.start(options, terminal::line);
        var console = LocalConsole.open(stack)) {
      var connection = stack.connection();
      terminal.line("");
      terminal.line("bootstrap servers  " + connection.bootstrapServers());
      terminal.line("schema registry    " + connection.registryUrl());
      terminal.line("venues             " + String.join(", ", stack.venues()));
      terminal.line("console            " + console.address());
      terminal.line("simulator          " + stack.simulator().adminUrl());
      if (stack.opsPort() > 0) {
        terminal.line(
            "health, metrics    http://%s:%d/health/ready, /metrics"
                .formatted(stack.config().http().host(), stack.opsPort()));
      }
      terminal.line("publish to         " + Topics.INTENTS + ", " + Topics.ORDER_EVENTS);
      terminal.line("read from          " + Topics.OUTCOMES + " (isolation.level=read_committed)");
      terminal.line(
          "also               "
              + String.join(
                  ", ", Topics.ORDER_STATES, Topics.PROGRESS, Topics.RETRIES, Topics.DEAD_LETTERS));
      terminal.line("configuration      " + stack.configFile());
      terminal.line("");
      terminal.line("Try: ./countermand watch --config " + stack.configFile());
      terminal.line(
          "     an order to cancel: curl -d '{\"venue\":\"crosstrade\",\"account\":\"Sim101\","
              + "\"orderId\":\"4711\",\"quantity\":\"10\"}' "
              + stack.simulator().adminUrl()
              + "/orders");
      terminal.line("ready; Ctrl-C stops it");
      stack.awaitStop();
      return 0;
    }
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
