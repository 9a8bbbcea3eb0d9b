// Over 300 lines: a third of it declares options, which picocli wants in the command's class.
package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.ExitCodes;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.cli.VenueCheck;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.client.CancelClient;
import io.countermand.client.CancelDraft;
import io.countermand.client.ClientException;
import io.countermand.client.EventRecord;
import io.countermand.client.SentCancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Requester;
import io.countermand.domain.TraceContext;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.platform.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
        "Publishes one cancel intent, and with --wait shows its outcome; or with --file all cancels"
            + " of a file.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:canceled; without --wait: published",
      " 1:not known to be published, or the id stood for another request",
      " 2:wrong call or configuration, nothing was sent",
      " 3:pending: the venue took it, nobody confirmed it in time",
      " 4:rejected: certainly not cancelled by this, or never sent",
      " 5:unresolved: it may have reached the venue, nobody knows",
      " 6:no outcome by the deadline and the grace after it; ask again with the same id"
    })
public final class CancelCommand implements Callable<Integer> {

  /** After the ledger's own grace. */
  private static final Duration MORE_THAN_GRACE = Duration.ofSeconds(10);

  /** An id that was settled before is looked for in all that is kept. */
  private static final Duration ALL = Duration.ofDays(3650);

  private static final Evidence NOWHERE = new Evidence(Topics.INTENTS, 0, 0);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Mixin private BulkOptions bulk = new BulkOptions();

  @Option(
      names = "--venue",
      paramLabel = "NAME",
      description = "Venue instance; one of the configured, if any is configured.")
  private @Nullable String venue;

  @Option(names = "--account", paramLabel = "A", description = "Account there.")
  private @Nullable String account;

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
      paramLabel = "DURATION",
      defaultValue = "30s",
      description =
          "Deadline from now: no call to the venue starts later. 1s or more, like 90s or 5m."
              + " Default: ${DEFAULT-VALUE}.")
  private String within = "30s";

  @Option(names = "--override", description = "Call the venue even if the order looks terminal.")
  private boolean override;

  @Option(names = "--automated", description = "An algorithm decided, without a human.")
  private boolean automated;

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "Above 0: before other cancels that wait for the same venue.")
  private @Nullable Integer priority;

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
      throw wrong(
          "--traceparent '" + traceparent + "' is none: 00-<32 hex>-<16 hex>-<2 hex>, lower case");
    }
    Duration time =
        TimeArguments.duration(spec.commandLine(), "--within", within, Duration.ofSeconds(1), null);
    if (bulk.file != null) {
      return sendFile();
    }
    String orderOrName = orderId == null ? orderName : orderId;
    if (orderOrName == null || venue == null || account == null) {
      throw wrong("Missing: " + String.join(", ", missing(orderOrName)));
    }
    Config config = option.load();
    Instant now = Instant.now();
    var intent = intent(new OrderRef(venue, account, orderOrName), now, time);
    if (Settings.intentCheck(config).check(intent, NOWHERE, now)
        instanceof IntentCheck.Unanswerable(String text)) {
      throw wrong(text); // no outcome could ever come
    }
    String problem = VenueCheck.problem(config, venue);
    if (problem != null) {
      throw wrong(problem);
    }
    return wait ? send(config, intent, time) : publish(config, intent, trace);
  }

  private List<String> missing(@Nullable String orderOrName) {
    List<String> missing = new ArrayList<>();
    if (venue == null) {
      missing.add("--venue=NAME");
    }
    if (account == null) {
      missing.add("--account=A");
    }
    if (orderOrName == null) {
      missing.add("--order-id=ID (or --order-name=N with --strategy-id=S)");
    }
    return missing;
  }

  private int sendFile() throws InterruptedException {
    if (orderId != null
        || orderName != null
        || clOrdId != null
        || cancelId != null
        || traceparent != null) {
      throw wrong(
          "--file has the orders: leave --order-id, --order-name, --cl-ord-id, --cancel-id,"
              + " --traceparent");
    }
    Map<String, String> defaults = new HashMap<>();
    put(defaults, "venue", venue);
    put(defaults, "account", account);
    put(defaults, "reason", reason);
    put(defaults, "within", within);
    put(defaults, "override", String.valueOf(override));
    put(defaults, "isAutomated", String.valueOf(automated));
    put(defaults, "strategyId", strategyId);
    put(defaults, "priority", priority == null ? null : priority.toString());
    Config config = option.load();
    try {
      return bulk.run(config, defaults, grace(config), json, out());
    } catch (BulkOptions.Wrong e) {
      spec.commandLine().getErr().println("countermand: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
  }

  private static void put(Map<String, String> to, String name, @Nullable String value) {
    if (value != null) {
      to.put(name, value);
    }
  }

  private static Duration grace(Config config) {
    return config.ledger().answerGrace().plus(MORE_THAN_GRACE);
  }

  private Intent intent(OrderRef order, Instant now, Duration time) {
    return new Intent(
        cancelId == null ? UUID.randomUUID().toString() : cancelId,
        order,
        orderName,
        strategyId,
        clOrdId,
        now.plus(time),
        override,
        automated,
        new Requester(null, System.getProperty("user.name"), null, null, reason),
        priority,
        Map.of(),
        now);
  }

  /** Needs no right to read outcomes. */
  private int publish(Config config, Intent intent, @Nullable TraceContext trace)
      throws InterruptedException {
    try (var publisher = new IntentPublisher(Settings.connection(config))) {
      RecordMetadata at =
          publisher.publish(intent, trace).toCompletableFuture().get(30, TimeUnit.SECONDS);
      published(intent.cancelId(), at);
      if (json) {
        out().println(OutcomeText.published(intent, at));
      }
      return 0;
    } catch (ExecutionException | TimeoutException e) {
      throw ClientException.of(
          "the intent is not known to be published (publish it again with --cancel-id "
              + intent.cancelId()
              + ")",
          e);
    }
  }

  private int send(Config config, Intent intent, Duration time) throws InterruptedException {
    try (CancelClient client =
        CancelClient.builder(Settings.client(config))
            .grace(grace(config))
            .lookBack(ALL)
            .connect()) {
      SentCancel sent = draft(client, intent, time).dispatch();
      published(sent.cancelId(), sent.published().get());
      return show(sent.record().get());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof ClientException said)) {
        throw new IllegalStateException(e.getCause());
      }
      EventRecord<CancelOutcome> another = said.outcome();
      if (another != null) {
        show(another);
      }
      spec.commandLine().getErr().println("countermand: " + said.getMessage());
      return ExitCodes.of(said.problem());
    }
  }

  private CancelDraft draft(CancelClient client, Intent intent, Duration time) {
    OrderRef order = intent.order();
    CancelDraft draft =
        client
            .cancel(
                new OrderKey(
                    order.venue(), order.account(), order.orderId(), orderName, strategyId))
            .within(time)
            .strategyId(strategyId)
            .clOrdId(clOrdId)
            .override(override)
            .automated(automated)
            .trader(System.getProperty("user.name"))
            .traceparent(traceparent);
    if (cancelId != null) {
      draft.id(cancelId);
    }
    if (reason != null) {
      draft.because(reason);
    }
    if (priority != null) {
      draft.priority(priority);
    }
    return draft;
  }

  private void published(String id, RecordMetadata at) {
    spec.commandLine()
        .getErr()
        .println(
            "published " + id + " at " + at.topic() + "-" + at.partition() + "@" + at.offset());
  }

  private int show(EventRecord<CancelOutcome> record) {
    OutcomeReader.Read read = OutcomeText.read(record);
    out().println(json ? OutcomeText.json(read) : OutcomeText.line(read));
    return ExitCodes.of(read.outcome().result());
  }

  private ParameterException wrong(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
