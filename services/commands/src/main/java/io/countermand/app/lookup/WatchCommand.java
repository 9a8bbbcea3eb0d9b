package io.countermand.app.lookup;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.OutcomeReader;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Follows the outcomes, committed ones only, until Ctrl-C.")
public final class WatchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--from",
      paramLabel = "WHEN",
      description =
          "beginning, now, a time in UTC (2026-11-20T08:00:00Z), or how long ago (15m). Default:"
              + " now.")
  private @Nullable String from;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "0",
      description = "Stop after so many outcomes. Default: never.")
  private long most;

  @Option(names = "--venue", paramLabel = "NAME", description = "Only of this venue.")
  private @Nullable String venue;

  @Option(names = "--account", paramLabel = "A", description = "Only of this account.")
  private @Nullable String account;

  @Option(names = "--order-id", paramLabel = "ID", description = "Only of orders with this id.")
  private @Nullable String orderId;

  @Option(names = "--cancel-id", paramLabel = "ID", description = "Only of cancels with this id.")
  private @Nullable String cancelId;

  @Option(
      names = "--result",
      split = ",",
      paramLabel = "R",
      description = "Only with these results: ${COMPLETION-CANDIDATES}.")
  private Set<CancelResult> results = Set.of();

  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "R",
      description = "Only with these reasons; docs/outcomes.md has them.")
  private Set<Reason> reasons = Set.of();

  @Override
  public Integer call() {
    var connection = Settings.brief(option.load());
    try (var parts = new Shutdown();
        var outcomes = open(connection)) {
      long seen = 0;
      while (!parts.asked()) {
        for (var read : outcomes.poll(Duration.ofMillis(200))) {
          if (!wanted(read.outcome())) {
            continue;
          }
          PrintWriter out = spec.commandLine().getOut();
          out.println(json ? OutcomeText.json(read) : OutcomeText.line(read));
          out.flush();
          if (++seen == most) {
            return 0;
          }
        }
      }
      return 0;
    }
  }

  private boolean wanted(Outcome outcome) {
    OrderRef order = outcome.cancel().order();
    return (venue == null || venue.equals(order.venue()))
        && (account == null || account.equals(order.account()))
        && (orderId == null || orderId.equals(order.orderId()))
        && (cancelId == null || cancelId.equals(outcome.cancel().cancelId()))
        && (results.isEmpty() || results.contains(outcome.result()))
        && (reasons.isEmpty() || reasons.contains(outcome.reason()));
  }

  private OutcomeReader open(KafkaConnection connection) {
    if (from == null || from.equals("now")) {
      return OutcomeReader.fromNow(connection);
    }
    return from.equals("beginning")
        ? OutcomeReader.fromBeginning(connection)
        : OutcomeReader.from(
            connection, Objects.requireNonNull(TimeArguments.parse("--from", from)));
  }
}
