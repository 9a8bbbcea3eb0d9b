package io.countermand.app.local;

import io.countermand.app.rights.Role;
import io.countermand.platform.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code up} says to a person: where everything is, and what to try. */
final class UpText {

  private UpText() {}

  /**
   * @param console its address
   */
  static List<String> lines(LocalStack stack, String console, boolean locked) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        line("bootstrap servers", stack.connection().bootstrapServers())
            + (locked ? " (SASL_SSL, SCRAM-SHA-512)" : ""));
    lines.add(line("schema registry", stack.connection().registryUrl()));
    lines.add(line("venues", String.join(", ", stack.venues())));
    lines.add(line("console", console + (locked ? " (no TLS: on this machine only)" : "")));
    lines.add(line("simulator", stack.simulator().adminUrl().toString()));
    if (stack.opsPort() > 0) {
      lines.add(
          line(
              "health, metrics",
              "http://%s:%d/health/ready, /metrics"
                  .formatted(stack.config().http().host(), stack.opsPort())));
    }
    lines.add(line("publish to", Topics.INTENTS + ", " + Topics.ORDER_EVENTS));
    lines.add(line("read from", Topics.OUTCOMES + " (isolation.level=read_committed)"));
    lines.add(
        line(
            "also",
            String.join(
                ", ", Topics.ORDER_STATES, Topics.PROGRESS, Topics.RETRIES, Topics.DEAD_LETTERS)));
    lines.addAll(locked ? locked(stack) : open(stack));
    lines.add("ready; Ctrl-C stops it");
    return lines;
  }

  private static String line(String what, String where) {
    return "%-18s %s".formatted(what, where);
  }

  private static List<String> open(LocalStack stack) {
    Path file = stack.configFile();
    return List.of(
        line("configuration", file.toString()),
        "",
        "Try: ./countermand watch --config " + file,
        order(stack));
  }

  private static List<String> locked(LocalStack stack) {
    Path data = stack.configFile(Role.DESK).getParent();
    String roles = Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", "));
    return List.of(
        line("configuration", data + "/ROLE.yaml; roles: " + roles),
        line("secrets", data + "/locks, for your user alone"),
        "",
        "Try: ./countermand watch --config " + stack.configFile(Role.READER),
        order(stack),
        command(stack, Role.PRODUCER, "cancel", "--venue crosstrade --account Sim101", "4711"),
        "     ./countermand order crosstrade/Sim101/4711 --config " + stack.configFile(Role.READER),
        "     ./countermand kill --config %s --account Sim101 --reason drill"
            .formatted(stack.configFile(Role.OPERATOR)),
        "     ./countermand acls check --config " + stack.configFile(Role.ADMIN),
        "and what must be refused, since a reader may not cancel:",
        command(stack, Role.READER, "cancel", "--venue crosstrade --account Sim101", "4712"));
  }

  private static String order(LocalStack stack) {
    return "     an order to cancel: curl -d '{\"venue\":\"crosstrade\",\"account\":\"Sim101\","
        + "\"orderId\":\"4711\",\"quantity\":\"10\"}' "
        + stack.simulator().adminUrl()
        + "/orders";
  }

  private static String command(
      LocalStack stack, Role role, String name, String order, String orderId) {
    return "     ./countermand %s --config %s %s --order-id %s --wait"
        .formatted(name, stack.configFile(role), order, orderId);
  }
}
