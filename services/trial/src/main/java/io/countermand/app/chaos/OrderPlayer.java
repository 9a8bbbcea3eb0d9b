package io.countermand.app.chaos;

import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets a flow happen, each order on a thread of its own. What Kafka or the simulator does not take
 * is tried again.
 */
final class OrderPlayer {

  /** The producer's own delivery time-out, and some. */
  private static final long PATIENCE_S = 40;

  private final SimulatorAdmin admin;
  private final IntentPublisher publisher;
  private final Map<String, Sent> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Sent> begun = new ConcurrentHashMap<>();
  private final AtomicInteger running = new AtomicInteger();
  private final Instant start;

  /** An intent that Kafka has. */
  record Sent(Intent intent, OrderScript.Kind kind, Instant at) {}

  OrderPlayer(SimulatorAdmin admin, IntentPublisher publisher, Instant start) {
    this.admin = admin;
    this.publisher = publisher;
    this.start = start;
  }

  void play(List<OrderScript> flow) {
    play(flow, start);
  }

  /** With times that count from another start than the player's own. */
  void play(List<OrderScript> flow, Instant from) {
    for (OrderScript script : flow) {
      fork("script", () -> run(script, from));
    }
  }

  /** The first book: acknowledged intents by cancelId. */
  Map<String, Sent> acknowledged() {
    return acknowledged;
  }

  /** What was tried, acknowledged or not. */
  Map<String, Sent> begun() {
    return begun;
  }

  /** Whether every script has run to its end. */
  boolean idle() {
    return running.get() == 0;
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  private void fork(String name, Task task) {
    running.incrementAndGet();
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                running.decrementAndGet();
              }
            });
  }

  private void run(OrderScript script, Instant from) throws InterruptedException {
    for (OrderScript.Act act : script.acts()) {
      Duration left = Duration.between(Instant.now(), from.plus(act.at()));
      if (left.isPositive()) {
        Thread.sleep(left);
      }
      switch (act) {
        case OrderScript.Place _ -> admin.place(script.order(), BigDecimal.TEN);
        case OrderScript.Fill fill -> fill(script.order(), fill.filled());
        case OrderScript.OtherCancel _ -> admin.cancel(script.order());
        case OrderScript.Send send -> fork("send", () -> send(script, send));
      }
    }
  }

  private void fill(OrderRef order, @Nullable BigDecimal filled) throws InterruptedException {
    if (filled == null) {
      admin.fill(order);
    } else {
      admin.fillTo(order, filled);
    }
  }

  private void send(OrderScript script, OrderScript.Send send) throws InterruptedException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Intent intent =
        new Intent(
            send.cancelId(),
            script.order(),
            null,
            null,
            null,
            now.plus(send.life()),
            send.override(),
            true,
            null,
            Map.of(),
            now);
    Sent sent = new Sent(intent, script.kind(), now);
    begun.putIfAbsent(send.cancelId(), sent);
    while (!published(intent)) {
      Thread.sleep(200);
    }
    acknowledged.putIfAbsent(send.cancelId(), sent);
  }

  private boolean published(Intent intent) throws InterruptedException {
    try {
      var _ = publisher.publish(intent).toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      return false; // perhaps Kafka has it; the same intent again is the same intent
    }
  }
}
