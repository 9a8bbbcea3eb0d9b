package io.countermand.app;

import io.countermand.app.config.Settings;
import io.countermand.client.IntentPublisher;
import io.countermand.client.OutcomeReader;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import io.countermand.domain.Outcome;
import io.countermand.domain.Requester;
import io.countermand.domain.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description =
        "Publishes one cancel intent; with --wait also waits for its outcome, and then exits with"
            + " 0 only if the order is cancelled.")
final class CancelCommand implements Callable<Integer> {

  private static final Duration MORE_THAN_GRACE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(names = "--venue", required = true, paramLabel = "NAME", description = "Venue instance.")
  private String venue = "";

  @Option(names = "--account", required = true, paramLabel = "A", description = "Account there.")
  private String account = "";

  @Option(names = "--order-id", required = true, paramLabel = "ID", description = "Order there.")
  private String orderId = "";

  @Option(
      names = "--order-name",
      paramLabel = "N",
      description = "Order's name (with --strategy-id).")
  private @Nullable String orderName;

  @Option(names = "--strategy-id", paramLabel = "S", description = "Strategy of a named order.")
  private @Nullable String strategyId;

  @Option(names = "--cl-ord-id", paramLabel = "C", description = "FIX ClOrdID of the order.")
  private @Nullable String clOrdId;

  @Option(
      names = "--cancel-id",
      paramLabel = "ID",
      description = "Idempotency key; the same again is the same intent. Default: a new one.")
  private @Nullable String cancelId;

  @Option(
      names = "--within",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Deadline from now: no call to the venue starts later. Default: 30.")
  private int within;

  @Option(names = "--override", description = "Call the venue even if the order looks terminal.")
  private boolean override;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept for the audit.")
  private @Nullable String reason;

  @Option(
      names = "--traceparent",
      paramLabel = "W3C",
      description = "Your span (W3C Trace Context); the venue's call and the outcome carry it on.")
  private @Nullable String traceparent;

  @Option(names = "--wait", description = "Wait for the outcome.")
  private boolean wait;

  @Option(names = "--json", description = "Print the outcome as JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    TraceContext trace = TraceContext.parse(traceparent, null);
    if (traceparent != null && trace == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--traceparent '" + traceparent + "' is none: 00-<32 hex>-<16 hex>-<2 hex>, lower case");
    }
    var connection = Settings.connection(option.load());
    String id = cancelId == null ? UUID.randomUUID().toString() : cancelId;
    Instant now = Instant.now();
    var intent =
        new Intent(
            id,
            new OrderRef(venue, account, orderId),
            orderName,
            strategyId,
            clOrdId,
            now.plusSeconds(within),
            override,
            false,
            new Requester(null, System.getProperty("user.name"), null, null, reason),
            Map.of(),
            now);
    try (var outcomes = wait ? OutcomeReader.fromNow(connection) : null;
        var publisher = new IntentPublisher(connection)) {
      try {
        var at = publisher.publish(intent, trace).toCompletableFuture().get(30, TimeUnit.SECONDS);
        System.err.println(
            "published " + id + " at " + at.topic() + "-" + at.partition() + "@" + at.offset());
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException(
            "the intent is not known to be published (publish it again with --cancel-id "
                + id
                + "): "
                + (e.getCause() == null ? e : e.getCause().getMessage()),
            e);
      }
      return outcomes == null ? 0 : await(outcomes, intent, now);
    }
  }

  private int await(OutcomeReader outcomes, Intent intent, Instant since)
      throws InterruptedException {
    Instant end = since.plusSeconds(within).plus(MORE_THAN_GRACE);
    while (Instant.now().isBefore(end) && !Thread.interrupted()) {
      for (var read : outcomes.poll(Duration.ofMillis(200))) {
        Outcome outcome = read.outcome();
        if (outcome.cancel().cancelId().equals(intent.cancelId())) {
          System.out.println(json ? OutcomeText.json(read) : OutcomeText.line(read));
          return outcome.result() == CancelResult.CANCELED ? 0 : 1;
        }
      }
    }
    throw new IllegalStateException(
        "no outcome of "
            + intent.cancelId()
            + " yet, later than promised: is the ledger running? `countermand watch` shows what"
            + " comes");
  }
}
