package io.countermand.audit;

import io.countermand.audit.source.AuditRules;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.Requester;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a history that is valid and uneventful into new, empty topics, by the real decisions: for
 * measuring an audit. Three of five cancels are routed and carried out (six records), two are
 * refused since their order is filled (four). The topics must keep the timestamps that they are
 * given.
 */
public final class SyntheticHistory {

  private static final Duration EVERY = Duration.ofMillis(5);
  private static final int PARTITIONS = 12;

  private final AuditRules rules;
  private final String venue;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serializer<SpecificRecord> values;
  private final Map<String, long[]> next = new HashMap<>();
  private final AtomicReference<@Nullable Exception> lost = new AtomicReference<>();
  private long written;

  private SyntheticHistory(
      AuditRules rules,
      String venue,
      KafkaProducer<byte[], byte[]> producer,
      Serializer<SpecificRecord> values) {
    this.rules = rules;
    this.venue = venue;
    this.producer = producer;
    this.values = values;
  }

  /**
   * @param venue one of the configured; the topics have twelve partitions
   * @return records written
   * @throws IllegalStateException if one was not
   */
  public static long write(
      KafkaConnection connection,
      AuditRules rules,
      String venue,
      int cancels,
      Audit.Progress progress) {
    Properties settings = connection.producer("synthetic");
    settings.put("linger.ms", "20");
    settings.put("batch.size", Integer.toString(256 * 1024));
    settings.put("buffer.memory", Long.toString(64L * 1024 * 1024));
    settings.put("delivery.timeout.ms", "120000");
    settings.put("max.block.ms", "120000");
    // Offsets are counted here, so none may be passed over: on a topic that is minutes old a first
    // batch was refused, the next one taken, and the first never again.
    settings.put("max.in.flight.requests.per.connection", "1");
    try (EventSerdes serdes = connection.serdes();
        var producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var history =
          new SyntheticHistory(rules, venue, producer, serdes.serializer(SpecificRecord.class));
      Instant begin =
          Instant.ofEpochMilli(System.currentTimeMillis())
              .minus(EVERY.multipliedBy(cancels))
              .minus(Duration.ofMinutes(10));
      for (int i = 0; i < cancels; i++) {
        history.cancel(i, begin.plus(EVERY.multipliedBy(i)));
        if (i % 10_000 == 0) {
          progress.accept(i, cancels);
        }
      }
      producer.flush();
      Exception lost = history.lost.get();
      if (lost != null) {
        throw new IllegalStateException("not all was written: " + lost.getMessage(), lost);
      }
      return history.written;
    }
  }

  private void cancel(int number, Instant at) {
    OrderRef order =
        new OrderRef(venue, "Sim%02d".formatted(number % 40), "%032x".formatted(number));
    OrderLedger ledger = OrderLedger.NONE;
    OrderState state = null;
    if (number % 5 >= 3) {
      OrderEvent filled = filled(order, at.minusSeconds(2));
      Evidence seen =
          send(Topics.ORDER_EVENTS, order, OrderCodec.toAvro(filled), at.minusSeconds(2));
      state = OrderFold.fold(null, filled, seen);
      ledger = step(ledger, new LedgerEvent.OrderSeen(filled, seen, at.minusSeconds(2)), at);
    }
    Intent intent =
        new Intent(
            "c%016x".formatted(number * 0x9E3779B97F4A7C15L),
            order,
            null,
            null,
            "ord-" + number,
            null,
            false,
            true,
            new Requester("algo-7", null, "desk-2", "client-11", "quote moved"),
            Map.of(),
            at.minusMillis(1));
    Evidence asked = send(Topics.INTENTS, order, IntentCodec.toAvro(intent), at);
    if (!(rules.check().check(intent, asked, at)
        instanceof IntentCheck.WellFormed(Cancel cancel))) {
      throw new IllegalStateException("the synthetic intent is not well formed");
    }
    ledger = step(ledger, new LedgerEvent.IntentSeen(cancel, asked, at), at);
    Instant decided = at.plusMillis(1);
    DeskOrder known = new DeskOrder(state, null, List.of());
    DeskDecision decision = rules.desk().decide(known, cancel, decided, new QueueView(0, 10_000));
    Evidence said =
        send(
            Topics.PROGRESS,
            order,
            ProgressCodec.decided(cancel, decision, decided, "desk-1"),
            decided);
    ledger = step(ledger, new LedgerEvent.Decided(cancel, decision, said, decided), decided);
    if (decision instanceof DeskDecision.Route) {
      call(cancel, ledger, decided, number);
    }
  }

  private void call(Cancel cancel, OrderLedger before, Instant at, int number) {
    String id = "a%030d".formatted(number);
    Instant started = at.plusMillis(2);
    Instant replied = started.plusMillis(5 + number % 37);
    Evidence marker =
        send(
            Topics.PROGRESS,
            cancel.order(),
            ProgressCodec.started(
                cancel, id, 1, RequestKind.CANCEL, cancel.intent(), started, "desk-1"),
            started);
    OrderLedger ledger =
        step(
            before,
            new LedgerEvent.Started(cancel, id, 1, RequestKind.CANCEL, marker, started),
            started);
    Reply reply =
        new Reply.Canceled(
            new ReplyDetails(
                "200", "canceled", OrdStatus.CANCELED, "Cancelled", BigDecimal.ZERO, null));
    Instant sent = started.plusMillis(1);
    Evidence answer =
        send(
            Topics.PROGRESS,
            cancel.order(),
            ProgressCodec.replied(
                cancel,
                id,
                1,
                RequestKind.CANCEL,
                reply,
                cancel.intent(),
                true,
                sent,
                "POST /v1/api/accounts/Sim/orders/" + cancel.order().orderId() + "/cancel",
                "{\"success\":true,\"orderId\":\"" + cancel.order().orderId() + "\"}",
                replied,
                "desk-1"),
            replied);
    ledger =
        step(
            ledger,
            new LedgerEvent.Replied(
                cancel, id, 1, RequestKind.CANCEL, reply, true, sent, answer, replied),
            replied);
    if (!ledger.open().isEmpty()) {
      throw new IllegalStateException("the synthetic cancel has no outcome");
    }
  }

  private static OrderEvent filled(OrderRef order, Instant at) {
    return new OrderEvent(
        order,
        null,
        OrdStatus.FILLED,
        "Filled",
        BigDecimal.TEN,
        BigDecimal.TEN,
        BigDecimal.ZERO,
        null,
        at,
        1L,
        false,
        "feed:synthetic",
        null,
        at);
  }

  private OrderLedger step(OrderLedger ledger, LedgerEvent event, Instant at) {
    Lifecycle.Step step = Lifecycle.step(ledger, event, rules.ledger(), id -> null);
    for (LedgerEffect effect : step.effects()) {
      switch (effect) {
        case LedgerEffect.Settle(var outcome) -> {
          Evidence _ =
              send(
                  Topics.OUTCOMES,
                  outcome.cancel().order(),
                  OutcomeCodec.toAvro(outcome),
                  at.plusMillis(1));
        }
        case LedgerEffect.Tell(var told) -> {
          Evidence _ =
              send(Topics.ORDER_EVENTS, told.order(), OrderCodec.toAvro(told), at.plusMillis(1));
        }
        default -> throw new IllegalStateException("a synthetic cancel needs no " + effect);
      }
    }
    return step.state();
  }

  private Evidence send(String topic, OrderRef order, SpecificRecord value, Instant at) {
    byte[] key = order.key().getBytes(StandardCharsets.UTF_8);
    int partition = BuiltInPartitioner.partitionForKey(key, PARTITIONS);
    byte @Nullable [] bytes = values.serialize(topic, value);
    var _ =
        producer.send(
            new ProducerRecord<>(topic, partition, at.toEpochMilli(), key, bytes),
            (_, error) -> {
              if (error != null) {
                lost.compareAndSet(null, error);
              }
            });
    written++;
    long[] offsets = next.computeIfAbsent(topic, any -> new long[PARTITIONS]);
    return new Evidence(topic, partition, offsets[partition]++);
  }
}
