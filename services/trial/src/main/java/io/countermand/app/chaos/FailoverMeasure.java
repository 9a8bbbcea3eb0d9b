package io.countermand.app.chaos;

import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** How long new intents wait when a part is killed under load. */
public final class FailoverMeasure {

  private static final int RATE = 200;
  private static final Duration BEFORE = Duration.ofSeconds(6);
  private static final Duration AFTER = Duration.ofSeconds(16);
  private static final Duration SETTLE = Duration.ofSeconds(8);

  private final PipelineProcesses stack;
  private final OutcomeFollower follower;
  private final IntentPublisher publisher;
  private final Consumer<String> line;
  private final Consumer<String> progress;
  private int next;

  private FailoverMeasure(
      PipelineProcesses stack,
      OutcomeFollower follower,
      IntentPublisher publisher,
      Consumer<String> line,
      Consumer<String> progress) {
    this.stack = stack;
    this.follower = follower;
    this.publisher = publisher;
    this.line = line;
    this.progress = progress;
  }

  /**
   * @param data emptied before
   * @param line hears each result
   * @param progress hears what is going on
   */
  public static void run(Path data, Consumer<String> line, Consumer<String> progress)
      throws IOException, InterruptedException {
    try (PipelineProcesses stack = PipelineProcesses.start(data, 1, 1)) {
      stack.fleet().start();
      try (var follower = new OutcomeFollower(stack.connection());
          var publisher = new IntentPublisher(stack.connection())) {
        new FailoverMeasure(stack, follower, publisher, line, progress).all();
      }
    }
  }

  private void all() throws IOException, InterruptedException {
    progress.accept("measuring");
    flow("warm-up", () -> {});
    flow("nothing killed", () -> {});
    flow(
        "desk of two killed, started again at once",
        () -> stack.fleet().bounce(FaultTarget.DESK_1));
    flow("ledger killed, started again at once", () -> stack.fleet().bounce(FaultTarget.LEDGER));
    RoleControl ledger = stack.more("ledger-b", "ledger");
    try {
      ledger.start();
      Thread.sleep(Duration.ofSeconds(40)); // until it holds warm copies
      flow("two ledgers run, nothing killed", () -> {});
      flow("ledger of two killed, not started again", () -> stack.fleet().fell(FaultTarget.LEDGER));
      flow("desk of two killed, not started again", () -> stack.fleet().fell(FaultTarget.DESK_1));
    } finally {
      ledger.kill();
    }
  }

  /** A steady flow of cancels of open orders; the blow falls after some seconds. */
  private void flow(String name, Runnable blow) throws IOException, InterruptedException {
    stack.admin().calm();
    int count = Math.toIntExact(RATE * BEFORE.plus(AFTER).toSeconds());
    List<OrderRef> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      orders.add(new OrderRef(RunConfig.VENUE, "Sim101", "%032x".formatted(++next)));
    }
    stack.admin().place(orders, BigDecimal.ONE);
    Thread.sleep(Duration.ofSeconds(3));
    Map<String, Instant> sent = new LinkedHashMap<>();
    Instant start = Instant.now();
    Instant struck = start.plus(BEFORE);
    Thread striking =
        Thread.ofVirtual()
            .start(
                () -> {
                  LockSupport.parkNanos(BEFORE.toNanos());
                  blow.run();
                });
    for (int i = 0; i < count; i++) {
      Instant due = start.plusNanos(1_000_000_000L * i / RATE);
      Duration left = Duration.between(Instant.now(), due);
      if (left.isPositive()) {
        Thread.sleep(left);
      }
      OrderRef order = orders.get(i);
      sent.put(order.orderId(), due);
      var _ = publisher.publish(intent(order, due));
    }
    striking.join();
    Thread.sleep(SETTLE);
    tell(name, sent, struck);
  }

  private static Intent intent(OrderRef order, Instant at) {
    return new Intent(
        "m" + order.orderId(), order, null, null, null, null, false, true, null, Map.of(), at);
  }

  private void tell(String name, Map<String, Instant> sent, Instant struck) throws IOException {
    Map<String, Instant> called = new HashMap<>();
    for (JournalCall call : Journal.read(stack.config().journal()).calls(CallKind.CANCEL)) {
      called.putIfAbsent(Objects.requireNonNull(call.received().orderId()), call.received().at());
    }
    Map<String, Instant> answered = new HashMap<>();
    for (OutcomeReader.Read read : follower.reads()) {
      answered.putIfAbsent(read.outcome().cancel().order().orderId(), read.readAt());
    }
    line.accept(
        "%s: to the venue before %s, after %s; to the outcome before %s, after %s; first new intent"
                .formatted(
                    name,
                    waits(sent, called, struck, false),
                    waits(sent, called, struck, true),
                    waits(sent, answered, struck, false),
                    waits(sent, answered, struck, true))
            + " at the venue after %d ms, answered after %d ms"
                .formatted(first(sent, called, struck), first(sent, answered, struck)));
  }

  /** From the blow to the first that was sent after it and got there. */
  private static long first(Map<String, Instant> sent, Map<String, Instant> there, Instant struck) {
    return sent.entrySet().stream()
        .filter(entry -> !entry.getValue().isBefore(struck))
        .map(entry -> there.get(entry.getKey()))
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .map(at -> Duration.between(struck, at).toMillis())
        .orElse(-1L);
  }

  private static String waits(
      Map<String, Instant> sent, Map<String, Instant> there, Instant struck, boolean after) {
    List<Double> waits = new ArrayList<>();
    int never = 0;
    for (var entry : sent.entrySet()) {
      if (entry.getValue().isBefore(struck) != after) {
        Instant at = there.get(entry.getKey());
        if (at == null) {
          never++;
        } else {
          waits.add(Duration.between(entry.getValue(), at).toNanos() / 1e6);
        }
      }
    }
    waits.sort(null);
    return waits.isEmpty()
        ? "(none)"
        : String.format(
            Locale.ROOT,
            "(p50 %.1f p99 %.1f longest %.1f ms%s)",
            waits.get(waits.size() / 2),
            waits.get(Math.min(waits.size() - 1, waits.size() * 99 / 100)),
            waits.getLast(),
            never == 0 ? "" : ", " + never + " not yet");
  }
}
