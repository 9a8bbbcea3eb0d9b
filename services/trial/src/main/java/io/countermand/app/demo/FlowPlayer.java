package io.countermand.app.demo;

import io.countermand.domain.Intent;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.fault.FaultScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Lets a flow happen, at its own pace whatever the pipeline's. */
final class FlowPlayer {

  private final OrderBook book;
  private final FaultScript faults;
  private final IntentPublisher publisher;
  private final OutcomeCounts tally;
  private final AwaitedOutcomes awaited;
  private final VenueProgress picture;
  private final Map<String, Instant> intended = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean done;

  FlowPlayer(
      OrderBook book,
      FaultScript faults,
      IntentPublisher publisher,
      OutcomeCounts tally,
      AwaitedOutcomes awaited,
      VenueProgress picture) {
    this.awaited = awaited;
    this.picture = picture;
    this.book = book;
    this.faults = faults;
    this.publisher = publisher;
    this.tally = tally;
  }

  /** Returns when the last step has happened. */
  void play(Flow flow, Runnable now) {
    Instant start = Instant.now();
    for (FlowStep step : flow.steps()) {
      Instant due = start.plus(step.at());
      long wait;
      while ((wait = Duration.between(Instant.now(), due).toNanos()) > 0) {
        LockSupport.parkNanos(Math.min(wait, 100_000_000));
        now.run();
      }
      happen(step, due);
    }
    done = true;
    now.run();
  }

  /** Whether the last step has happened. */
  boolean done() {
    return done;
  }

  private void happen(FlowStep step, Instant due) {
    switch (step) {
      case FlowStep.Place place ->
          book.place(
              NewOrder.of(
                  place.order().venue(),
                  place.order().account(),
                  place.order().orderId(),
                  place.quantity().toPlainString()));
      case FlowStep.Fill fill -> {
        var _ =
            fill.quantity() == null
                ? book.fill(fill.order())
                : book.fill(fill.order(), fill.quantity(), null);
      }
      case FlowStep.Reduce reduce -> {
        var _ = book.reduce(reduce.order(), reduce.quantity());
      }
      case FlowStep.BreakOff off ->
          faults.add(
              FaultRule.random(off.order().venue(), 1, List.of(new Fault.Reset(false)))
                  .forOrder(off.order().orderId()));
      case FlowStep.Send send -> send(send, due);
      case FlowStep.SendRaw raw ->
          count(
              publisher.publish(
                  raw.key().getBytes(StandardCharsets.UTF_8),
                  raw.value() == null ? null : raw.value().getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void send(FlowStep.Send send, Instant due) {
    Duration within = send.within();
    Intent intent = at(send.intent(), due, within == null ? null : due.plus(within));
    if (send.expect() != FlowStep.Expect.REPEAT) {
      tally.expect(intent);
      awaited.published(intent, Instant.now());
      picture.sent(intent.order().venue());
      intended.put(intent.cancelId(), due);
    }
    count(publisher.publish(intent));
  }

  private void count(CompletionStage<RecordMetadata> publishing) {
    sent.incrementAndGet();
    var _ =
        publishing.whenComplete(
            (metadata, error) -> {
              if (error != null) {
                failed.incrementAndGet();
              }
            });
  }

  private static Intent at(Intent intent, Instant createdAt, @Nullable Instant deadline) {
    return new Intent(
        intent.cancelId(),
        intent.order(),
        intent.orderName(),
        intent.strategyId(),
        intent.clOrdId(),
        deadline == null ? intent.deadline() : deadline,
        intent.override(),
        intent.isAutomated(),
        intent.requester(),
        intent.attributes(),
        createdAt);
  }

  /** When each intent was meant to be sent; latencies count from here, not from when it was. */
  Map<String, Instant> intended() {
    return intended;
  }

  long sent() {
    return sent.get();
  }

  /** Records that Kafka did not take. */
  long failed() {
    return failed.get();
  }
}
