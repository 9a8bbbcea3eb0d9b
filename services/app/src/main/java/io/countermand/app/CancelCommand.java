package io.countermand.app;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.client.IntentPublisher;
import io.countermand.client.OutcomeOf;
import io.countermand.client.OutcomeReader;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Evidence;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.OrderRef;
import io.countermand.domain.Outcome;
import io.countermand.domain.Requester;
import io.countermand.domain.TraceContext;
import io.countermand.platform.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
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

  /** For a look through all outcomes of the order that are kept. */
  private static final Duration OLD = Duration.ofSeconds(20);

  private static final Evidence NOWHERE = new Evidence(Topics.INTENTS, 0, 0);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(names = "--venue", required = true, paramLabel = "NAME", description = "Venue instance.")
  private String venue = "";

  @Option(names = "--account", required = true, paramLabel = "A", description = "Account there.")
  private String account = "";

  @Option(
      names = "--order-id",
      paramLabel = "ID",
      description = "Order there. Default: the order's name, if it has one.")
  private @Nullable String orderId;

  @Option(
      names = "--order-name",
      paramLabel = "N",
      description =
          "Order's name, where the venue knows names (with --strategy-id). A named order is another"
              + " one than that of the id; leave it out to cancel by id.")
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

  @Option(
      names = "--wait",
      description = "Wait for the outcome; of a --cancel-id that is settled, show it.")
  private boolean wait;

  @Option(
      names = "--json",
      description = "Print the outcome as JSON; without --wait, where the intent stands.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    TraceContext trace = TraceContext.parse(traceparent, null);
    if (traceparent != null && trace == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--traceparent '" + traceparent + "' is none: 00-<32 hex>-<16 hex>-<2 hex>, lower case");
    }
    String orderOrName = orderId == null ? orderName : orderId;
    if (orderOrName == null) {
      throw new ParameterException(
          spec.commandLine(), "Missing: '--order-id=ID', or '--order-name=N' with --strategy-id");
    }
    Config config = option.load();
    var connection = Settings.connection(config);
    String id = cancelId == null ? UUID.randomUUID().toString() : cancelId;
    Instant now = Instant.now();
    var intent =
        new Intent(
            id,
            new OrderRef(venue, account, orderOrName),
            orderName,
            strategyId,
            clOrdId,
            now.plusSeconds(within),
            override,
            false,
            new Requester(null, System.getProperty("user.name"), null, null, reason),
            Map.of(),
            now);
    if (Settings.intentCheck(config).check(intent, NOWHERE, now)
        instanceof IntentCheck.Unanswerable(String text)) {
      throw new ParameterException(spec.commandLine(), text); // no outcome could ever come
    }
    try (var outcome = wait ? OutcomeOf.open(connection, intent) : null;
        var publisher = new IntentPublisher(connection)) {
      RecordMetadata at = publish(publisher, intent, trace);
      spec.commandLine()
          .getErr()
          .println(
              "published " + id + " at " + at.topic() + "-" + at.partition() + "@" + at.offset());
      if (outcome != null) {
        return await(outcome, intent, now, config.ledger().rememberSettled());
      }
      if (json) {
        out().println(OutcomeText.published(intent, at));
      }
      return 0;
    }
  }

  private static RecordMetadata publish(
      IntentPublisher publisher, Intent intent, @Nullable TraceContext trace)
      throws InterruptedException {
    try {
      return publisher.publish(intent, trace).toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the intent is not known to be published (publish it again with --cancel-id "
              + intent.cancelId()
              + "): "
              + (e.getCause() == null ? e : e.getCause().getMessage()),
          e);
    }
  }

  /** An id that the caller chose may have been settled before, and then nothing new comes. */
  private int await(OutcomeOf outcome, Intent intent, Instant asked, Duration remembered) {
    Instant end = asked.plusSeconds(within).plus(MORE_THAN_GRACE);
    Duration time = Duration.between(Instant.now(), end);
    Optional<OutcomeReader.Read> found =
        cancelId == null ? outcome.awaitNew(time) : outcome.await(asked.minus(remembered), time);
    if (found.isEmpty() && cancelId != null) {
      found = outcome.await(Instant.EPOCH, OLD); // the ledger may know it longer than it must
    }
    if (found.isEmpty()) {
      throw new IllegalStateException(
          "no outcome of "
              + intent.cancelId()
              + " yet, later than promised: is the ledger running? `countermand watch` shows what"
              + " comes"
              + (cancelId == null
                  ? ""
                  : ". If this cancelId was published before with a later deadline, that one"
                      + " holds"));
    }
    return show(found.get(), intent);
  }

  private int show(OutcomeReader.Read read, Intent intent) {
    Outcome outcome = read.outcome();
    out().println(json ? OutcomeText.json(read) : OutcomeText.line(read));
    if (!outcome.cancel().digest().equals(intent.digest())) {
      spec.commandLine()
          .getErr()
          .println(
              "this cancelId stood for another request of this order already (override, names or"
                  + " ClOrdID differ): the outcome is that one's, and what was just published goes"
                  + " to dead-letters; use a new cancelId");
      return 1;
    }
    return outcome.result() == CancelResult.CANCELED ? 0 : 1;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
