package io.countermand.audit;

import static org.awaitility.Awaitility.await;

import io.countermand.app.pipeline.PipelineAccess.Stack;
import io.countermand.audit.report.AuditResult;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.DuckDb;
import io.countermand.audit.source.KafkaSource;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.WorkDir;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderState;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A history of the real pipeline, with something of everything, copied once it has settled. */
final class Recorded {

  static final String VENUE = "crosstrade";

  private static @Nullable MemorySource history;

  private Recorded() {}

  static synchronized MemorySource history(Stack stack, AuditRules rules) throws Exception {
    MemorySource made = history;
    if (made == null) {
      play(stack);
      made =
          await("a settled history")
              .atMost(Duration.ofSeconds(300))
              .pollInterval(Duration.ofSeconds(1))
              .until(() -> copy(stack), copy -> audit(copy, rules).findings().kinds.isEmpty());
      history = made;
    }
    return made.copy();
  }

  static MemorySource copy(Stack stack) {
    try (RecordSource source = new KafkaSource(stack.connection())) {
      MemorySource copy = MemorySource.copy(source, Instant.now().plusSeconds(3600));
      // Its serdes are closed with it.
      return copy.with(stack.connection().serdes());
    }
  }

  static AuditResult audit(RecordSource source, AuditRules rules) {
    return audit(source, rules, null, null, Duration.ofMinutes(30));
  }

  static AuditResult audit(
      RecordSource source,
      AuditRules rules,
      @Nullable Instant from,
      @Nullable Instant to,
      Duration margin) {
    try (var work = WorkDir.beside(null);
        var duck = new DuckDb(work.spill(), 256, 2)) {
      Range range = new Range(source, from, to, margin);
      return new AuditRun(source, range, rules, duck, options()).run();
    } catch (SQLException | IOException e) {
      throw new AssertionError(e);
    }
  }

  static Audit.Options options() {
    return new Audit.Options(
        null, null, Duration.ofMinutes(30), Audit.Only.ALL, null, 2, 256, false, (done, all) -> {});
  }

  private static void play(Stack stack) {
    try (var publisher = new IntentPublisher(stack.connection())) {
      List<OrderRef> orders = new ArrayList<>();
      for (int i = 0; i < 24; i++) { // some in every partition
        orders.add(place(stack));
      }
      stack.simulator().book().fill(orders.get(5));
      awaitTable(stack, orders.get(5));
      // One cancel is asked for again.
      stack
          .simulator()
          .faults()
          .add(FaultRule.next(VENUE, 1, new Fault.ServerError(false, 500)).on(CallKind.CANCEL));
      for (OrderRef order : orders) {
        publish(publisher, intent(order));
      }
      OrderRef twice = orders.getFirst();
      publish(publisher, intent(place(stack)));
      OrderRef joined = place(stack);
      publish(publisher, intent(joined));
      publish(publisher, intent(joined));
      publish(publisher, intent(new OrderRef(VENUE, "Sim101", id())));
      publish(publisher, intent(new OrderRef("nowhere", "Sim101", id())));
      publish(publisher, intent(new OrderRef(VENUE, "Sim101", "")));
      Intent repeated = intent(twice);
      publish(publisher, repeated);
      publish(publisher, repeated);
      publisher
          .publish(
              (VENUE + "/Sim101/poison").getBytes(StandardCharsets.UTF_8),
              "poison".getBytes(StandardCharsets.UTF_8))
          .toCompletableFuture()
          .join();
    }
  }

  /** Else its cancel would be routed, and the history would lack a refusal. */
  private static void awaitTable(Stack stack, OrderRef filled) {
    await("the desk knows that it is filled")
        .atMost(Duration.ofSeconds(120))
        .until(() -> states(stack, filled).contains(OrdStatus.FILLED));
  }

  private static List<OrdStatus> states(Stack stack, OrderRef order) {
    List<OrdStatus> states = new ArrayList<>();
    try (RecordSource source = new KafkaSource(stack.connection())) {
      var reader = source.serdes().deserializer(OrderState.class);
      for (RecordSource.Span span : source.spans(Topics.ORDER_STATES)) {
        source.read(
            Topics.ORDER_STATES,
            span.partition(),
            span.first(),
            span.end(),
            r -> {
              if (order.key().equals(new String(r.key(), StandardCharsets.UTF_8))
                  && r.value() != null) {
                states.add(reader.deserialize(r.topic(), r.value()).getOrdStatus());
              }
            });
      }
    }
    return states;
  }

  private static void publish(IntentPublisher publisher, Intent intent) {
    publisher.publish(intent).toCompletableFuture().join();
  }

  private static OrderRef place(Stack stack) {
    OrderRef order = new OrderRef(VENUE, "Sim101", id());
    stack.simulator().book().place(NewOrder.of(VENUE, order.account(), order.orderId(), "10"));
    return order;
  }

  private static Intent intent(OrderRef order) {
    return new Intent(
        id(), order, null, null, null, null, false, false, null, Map.of(), Instant.now());
  }

  private static String id() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
