package io.countermand.desk;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.MassCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.codec.Times;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.DeskDecision;
import io.countermand.domain.DeskOrder;
import io.countermand.domain.Evidence;
import io.countermand.domain.Facts;
import io.countermand.domain.HandOver;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.OrderEvent;
import io.countermand.domain.OrderFold;
import io.countermand.domain.OrderState;
import io.countermand.domain.Outcome;
import io.countermand.domain.QueueView;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.events.serde.SchemaQuestions;
import io.countermand.kafka.Alarm;
import io.countermand.kafka.DurableSends;
import io.countermand.kafka.HandOverRecords;
import io.countermand.kafka.Out;
import io.countermand.kafka.Parking;
import io.countermand.kafka.Placement;
import io.countermand.kafka.TaskInbox;
import io.countermand.kafka.TraceHeaders;
import io.countermand.kafka.TraceLog;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one record, decides, applies. One instance per task; used by its stream thread only. */
final class DeskProcessor implements Processor<byte[], byte[], byte[], Out> {

  private static final Logger LOG = LoggerFactory.getLogger(DeskProcessor.class);
  private static final Duration SIZE_EVERY = Duration.ofSeconds(5);

  /** How often a task with waiting calls looks which of them were made. */
  private static final Duration HANDED_EVERY = Duration.ofMillis(200);

  private final DeskSettings settings;
  private final String by;
  private final Placement placement;
  private final ServedKeys served;
  private final Map<String, VenueLane> lanes;
  private final RateShare share;
  private final DurableSends sends;
  private final Set<Integer> handedOver;
  private final DeskMeters meters;
  private final TaskInbox<CancelIntent> intents;
  private final TaskInbox<io.countermand.events.OrderEvent> orderEvents;
  private final TaskInbox<CancelOutcome> outcomes;
  private final TaskInbox<io.countermand.events.CancelRequest> retries;
  private final TaskInbox<io.countermand.events.MassCancel> massCancels;
  private @Nullable Outbox outbox;
  private @Nullable OrderTable table;
  private @Nullable WaitingCalls waiting;
  private @Nullable Tenures tenures;
  private @Nullable MassFreezes freezes;

  /** The next intent that this task reads. */
  private long position;

  private @Nullable Alarm handed;
  private @Nullable Alarm freezing;
  private final SchemaQuestions questions;
  private @Nullable Parking parking;
  private @Nullable TaskId task;
  private List<Alarm> alarms = List.of();

  DeskProcessor(
      DeskSettings settings,
      EventSerdes serdes,
      Placement placement,
      Map<String, VenueLane> lanes,
      RateShare share,
      DurableSends sends,
      Set<Integer> handedOver,
      DeskMeters meters) {
    this.handedOver = handedOver;
    this.settings = settings;
    this.by = settings.by();
    this.placement = placement;
    this.served = new ServedKeys(settings.only());
    this.lanes = lanes;
    this.share = share;
    this.sends = sends;
    this.meters = meters;
    this.questions = serdes.questions();
    this.intents = new TaskInbox<>(serdes.decoder(CancelIntent.class));
    this.orderEvents = new TaskInbox<>(serdes.decoder(io.countermand.events.OrderEvent.class));
    this.outcomes = new TaskInbox<>(serdes.decoder(CancelOutcome.class));
    this.retries = new TaskInbox<>(serdes.decoder(io.countermand.events.CancelRequest.class));
    this.massCancels = new TaskInbox<>(serdes.decoder(io.countermand.events.MassCancel.class));
  }

  @Override
  public void init(ProcessorContext<byte[], Out> context) {
    outbox = new Outbox(context, by, meters);
    OrderTable orders = new OrderTable(context.getStateStore(Desk.ORDERS), settings);
    table = orders;
    TaskId id = context.taskId();
    task = id;
    Outbox out = outbox;
    Tenures its =
        new Tenures(
            settings.streams().applicationId(),
            context.getStateStore(Desk.TENURES),
            handedOver.contains(id.partition()),
            Instant.now());
    tenures = its;
    its.tell(lanes.keySet(), id.partition());
    share.owns(id);
    WaitingCalls calls = new WaitingCalls(context.getStateStore(Desk.WAITING), lanes);
    waiting = calls;
    position = sends.committed(Topics.INTENTS, id.partition());
    calls.restore(cancel -> whose(cancel, id.partition()));
    Alarm look =
        new Alarm(
            context,
            now -> {
              calls.forgetHanded();
              calls.forgetLate(now);
              return calls.any() ? now.plus(HANDED_EVERY) : Instant.MAX;
            });
    handed = look;
    MassFreezes masses =
        new MassFreezes(
            settings,
            context.getStateStore(Desk.MASSES),
            orders.open(),
            sends,
            out,
            id.partition(),
            () -> Objects.requireNonNull(parking).holds(Topics.ORDER_EVENTS));
    freezes = masses;
    freezing =
        new Alarm(
            context,
            now -> {
              masses.step(now);
              return orders.open().build() || masses.any() ? now : Instant.MAX;
            });
    alarms =
        List.of(
            new Alarm(context, now -> orders.forget(now, key -> forgotten(key, now, its, out))),
            new Alarm(
                context,
                now -> {
                  meters.orders(id, orders.size());
                  return now.plus(SIZE_EVERY);
                }),
            look,
            freezing);
    alarms.forEach(alarm -> alarm.noLaterThan(Instant.MIN));
    parking = new Parking(context, context.getStateStore(Desk.PARKED), questions, this::read);
  }

  @Override
  public void close() {
    alarms.forEach(Alarm::cancel);
    if (parking != null) {
      parking.close();
    }
    if (waiting != null) {
      waiting.close();
    }
    if (task != null) {
      meters.gone(task);
      share.lost(task);
    }
  }

  @Override
  public void process(Record<byte[], byte[]> read) {
    Evidence at = Objects.requireNonNull(outbox).at();
    if (served.include(read.key()) || at.topic().equals(Topics.MASS_COMMANDS)) {
      process(read, at);
    }
    MassFreezes masses = Objects.requireNonNull(freezes);
    if (at.topic().equals(Topics.ORDER_EVENTS)) {
      masses.eventRead(at.offset());
    }
    if (masses.any()) {
      masses.step(Instant.now());
    }
    if (at.topic().equals(Topics.INTENTS)) {
      position = at.offset() + 1;
      Objects.requireNonNull(waiting).passed(position, cancel -> whose(cancel, at.partition()));
    }
  }

  private void process(Record<byte[], byte[]> read, Evidence at) {
    Record<byte[], byte[]> record =
        read.withTimestamp(IntentsFirst.original(at.topic(), read.timestamp()));
    HandOver handOver =
        at.topic().equals(Topics.INTENTS)
            ? HandOverRecords.read(record.value(), record.headers())
            : null;
    if (handOver != null) {
      LOG.atInfo().addKeyValue("record", at).addKeyValue("handOver", handOver).log("hand-over");
      Objects.requireNonNull(tenures).read(handOver, at.offset());
      return;
    }
    Objects.requireNonNull(waiting).forgetHanded();
    Objects.requireNonNull(parking).process(record, at);
  }

  /**
   * @throws io.countermand.kafka.NotReadableYet before anything is done
   */
  private void read(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    Outbox out = Objects.requireNonNull(outbox);
    OrderTable orders = Objects.requireNonNull(table);
    Tenures its = Objects.requireNonNull(tenures);
    switch (at.topic()) {
      case Topics.INTENTS -> {
        if (its.has(record.key(), at.offset())) {
          take(
              intents.read(at.topic(), record.value(), effort),
              record,
              at,
              out,
              v -> intent(v, record, at, out, orders));
        } else {
          readAlong(intents.read(at.topic(), record.value(), effort), record, at, orders);
        }
      }
      case Topics.ORDER_EVENTS -> {
        Outbox to = its.publishes(record.key(), appended(record)) ? out : out.silent();
        take(
            orderEvents.read(at.topic(), record.value(), effort),
            record,
            at,
            to,
            v -> orderEvent(v, record, at, to, orders));
      }
      case Topics.RETRIES ->
          take(
              retries.read(at.topic(), record.value(), effort),
              record,
              at,
              out,
              v -> retry(v, record, at, orders));
      case Topics.MASS_COMMANDS ->
          take(
              massCancels.read(at.topic(), record.value(), effort),
              record,
              at,
              out,
              v -> {
                Objects.requireNonNull(freezes).command(MassCodec.fromAvro(v), at);
                Objects.requireNonNull(freezing).noLaterThan(Instant.MIN);
              });
      default -> // one that cannot be read releases no flight, time does
          take(
              outcomes.read(at.topic(), record.value(), effort),
              record,
              at,
              out,
              v -> outcome(v, orders));
    }
  }

  private static Instant appended(Record<byte[], byte[]> record) {
    return Instant.ofEpochMilli(record.timestamp());
  }

  /** The table no longer knows this order, and no other group's does. */
  private static void forgotten(String key, Instant now, Tenures its, Outbox out) {
    if (its.publishes(key.getBytes(StandardCharsets.UTF_8), now)) {
      out.forgotten(key);
    }
  }

  /**
   * An intent that another group of desks decides: this one's table takes it for decided, so that
   * it knows of cancels in flight when the venue comes here, or comes back.
   */
  private void readAlong(
      Decoded<CancelIntent> decoded,
      Record<byte[], byte[]> record,
      Evidence at,
      OrderTable orders) {
    if (!(decoded instanceof Decoded.Ok<CancelIntent>(CancelIntent value))) {
      return;
    }
    try {
      if (settings.check().check(IntentCodec.fromAvro(value), at, appended(record))
              instanceof IntentCheck.WellFormed(Cancel cancel)
          && placement.right(record.key(), at.partition(), cancel.order().key())) {
        String key = cancel.order().key();
        DeskOrder known = orders.get(key);
        DeskDecision decision =
            settings.rules().decide(known, cancel, Instant.now(), QueueView.EMPTY);
        orders.put(key, known, settings.rules().apply(known, cancel, decision));
      }
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) { // the other group answers for it
      LOG.atDebug().addKeyValue("record", at).setCause(e).log("record could not be read along");
    }
  }

  /**
   * Whose a later call for a cancel is. Topics are read in no order: a task that has still to read
   * the intent may have to read before it that the venue is another group's by then.
   */
  private WaitingCalls.Whose whose(Cancel cancel, int partition) {
    Evidence intent = cancel.intent();
    if (!intent.topic().equals(Topics.INTENTS) || intent.partition() != partition) {
      return WaitingCalls.Whose.OURS;
    }
    if (intent.offset() >= position) {
      return WaitingCalls.Whose.UNKNOWN;
    }
    byte[] key = cancel.order().key().getBytes(StandardCharsets.UTF_8);
    return Objects.requireNonNull(tenures).has(key, intent.offset())
        ? WaitingCalls.Whose.OURS
        : WaitingCalls.Whose.OTHERS;
  }

  private void outcome(CancelOutcome value, OrderTable orders) {
    Outcome outcome = OutcomeCodec.fromAvro(Times.possible(value));
    Objects.requireNonNull(waiting).settled(outcome.cancel());
    String key = outcome.cancel().order().key();
    orders.put(key, orders.get(key).settled(outcome, settings.rules().slack()));
  }

  private interface Handler<T> {
    void handle(T value);
  }

  private <T extends SpecificRecord> void take(
      Decoded<T> decoded,
      Record<byte[], byte[]> record,
      Evidence at,
      Outbox out,
      Handler<T> handler) {
    switch (decoded) {
      case Decoded.Ok<T>(T value) -> {
        try {
          handler.handle(value);
        } catch (KafkaException | RegistryUnavailableException e) {
          throw e; // ours to wait out, not the record's fault
        } catch (RuntimeException e) {
          try (var _ = TraceLog.in(TraceHeaders.read(record.headers()))) {
            LOG.atError()
                .addKeyValue("record", at)
                .setCause(e)
                .log("record could not be processed");
          }
          out.deadLetter(record, at, DeadLetterReason.UNEXPECTED, "unexpected: " + e);
        }
      }
      case Decoded.Poison<T>(Decoded.Kind kind, String text) ->
          out.deadLetter(record, at, DeadLetterReason.valueOf(kind.name()), text);
    }
  }

  private void intent(
      CancelIntent value,
      Record<byte[], byte[]> record,
      Evidence at,
      Outbox out,
      OrderTable orders) {
    Intent intent = IntentCodec.fromAvro(value);
    Instant now = Instant.now();
    switch (settings.check().check(intent, at, Instant.ofEpochMilli(record.timestamp()))) {
      case IntentCheck.Unanswerable(String text) ->
          out.deadLetter(record, at, DeadLetterReason.NO_CANCEL_ID, text);
      case IntentCheck.Malformed(Cancel cancel, String text) ->
          malformed(cancel, text, now, record, out, orders);
      case IntentCheck.WellFormed(Cancel cancel) -> {
        String key = cancel.order().key();
        if (placement.right(record.key(), at.partition(), key)) {
          decide(cancel, key, now, record, out, orders);
          return;
        }
        Set<String> moves = placement.moves(record.headers(), at);
        if (moves.size() < Placement.MOST_MOVES) {
          out.move(record, at, key, IntentCodec.toAvro(IntentCheck.cut(intent)), moves);
        } else { // it would go round for ever; the ledger answers it where its order stands
          malformed(cancel, Placement.WRONG_PLACE + moves, now, record, out, orders);
        }
      }
    }
  }

  /** Refuses it; where it stands, it may meet no other cancel of its order. */
  private void malformed(
      Cancel cancel,
      String text,
      Instant now,
      Record<byte[], byte[]> record,
      Outbox out,
      OrderTable orders) {
    String key = cancel.order().key();
    var refusal = new DeskDecision.Refuse(Reason.MALFORMED, text, null);
    TraceContext asked = TraceHeaders.read(record.headers());
    TraceContext trace = asked == null ? null : asked.atDesk(cancel);
    out.send(Topics.PROGRESS, key, ProgressCodec.decided(cancel, refusal, now, by), trace);
    log(asked, trace, cancel, refusal);
    meters.decided(cancel.order().venue(), refusal);
    if (placement.right(record.key(), cancel.intent().partition(), key)) {
      DeskOrder known = orders.get(key);
      orders.put(key, known, settings.rules().apply(known, cancel, refusal));
    }
  }

  private void decide(
      Cancel cancel,
      String key,
      Instant now,
      Record<byte[], byte[]> record,
      Outbox out,
      OrderTable orders) {
    DeskOrder known = orders.get(key);
    VenueLane lane = lanes.get(cancel.order().venue());
    TraceContext asked = TraceHeaders.read(record.headers());
    TraceContext trace = asked == null ? null : asked.atDesk(cancel);
    DeskDecision decision =
        settings.rules().decide(known, cancel, now, lane == null ? QueueView.EMPTY : lane.view());
    if (lane != null && decision instanceof DeskDecision.Route route) {
      String attemptId = AttemptRun.newId();
      var request = new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now, trace);
      WaitingCalls calls = Objects.requireNonNull(waiting);
      Call call = calls.announced(request, cancel.intent(), attemptId);
      VenueLane.Offer offer = calls.first(lane, call);
      boolean queued = offer == VenueLane.Offer.QUEUED;
      decision = new DeskDecision.Route(route.order(), queued, route.seen());
      if (offer == VenueLane.Offer.STARTED) {
        announce(lane, call, attemptId, decision, now, out);
      } else {
        out.send(Topics.PROGRESS, key, ProgressCodec.decided(cancel, decision, now, by), trace);
      }
      if (queued) {
        Objects.requireNonNull(handed).noLaterThan(now.plus(HANDED_EVERY));
      }
    } else {
      out.send(Topics.PROGRESS, key, ProgressCodec.decided(cancel, decision, now, by), trace);
    }
    orders.put(key, known, settings.rules().apply(known, cancel, decision));
    meters.decided(cancel.order().venue(), decision);
    log(asked, trace, cancel, decision);
  }

  /** The decision is the marker of a call that leaves once it is durable. */
  private void announce(
      VenueLane lane, Call call, String attemptId, DeskDecision decision, Instant now, Outbox out) {
    Cancel cancel = call.request().cancel();
    CancelProgress record = ProgressCodec.decided(cancel, decision, attemptId, now, by);
    sends.send(
        () -> out.send(Topics.PROGRESS, cancel.order().key(), record, call.request().trace()),
        new DurableSends.Then() {
          @Override
          public void durable(Instant appended) {
            lane.announced(call, attemptId, appended);
          }

          @Override
          public void failed() {
            lane.unannounced(call);
          }
        });
  }

  /** The ledger asks for a later attempt, or for the order's status. */
  private void retry(
      io.countermand.events.CancelRequest value,
      Record<byte[], byte[]> record,
      Evidence at,
      OrderTable orders) {
    CancelRequest request =
        IntentCodec.fromAvro(Times.possible(value)).traced(TraceHeaders.read(record.headers()));
    Cancel cancel = request.cancel();
    VenueLane lane = lanes.get(cancel.order().venue());
    boolean settled = lane != null && orders.get(cancel.order().key()).settled(cancel);
    if (lane != null && !settled) { // else another desk's, or of no use any more
      Objects.requireNonNull(waiting).later(lane, request, at, whose(cancel, at.partition()));
      Objects.requireNonNull(handed).noLaterThan(Instant.now().plus(HANDED_EVERY));
    }
  }

  private static void log(
      @Nullable TraceContext asked,
      @Nullable TraceContext here,
      Cancel cancel,
      DeskDecision decision) {
    if (asked != null) {
      String what = decision.getClass().getSimpleName();
      TraceLog.hop("desk", here, asked.spanId(), cancel.cancelId(), what);
    }
  }

  private void orderEvent(
      io.countermand.events.OrderEvent value,
      Record<byte[], byte[]> record,
      Evidence at,
      Outbox out,
      OrderTable orders) {
    Instant recorded = Instant.ofEpochMilli(record.timestamp());
    OrderEvent event;
    switch (Facts.of(OrderCodec.fromAvro(value), recorded)) {
      case Facts.Known(OrderEvent known) -> event = known;
      case Facts.Unusable(String text) -> {
        out.deadLetter(record, at, DeadLetterReason.NO_ORDER, text);
        return;
      }
    }
    String key = event.order().key();
    if (!placement.right(record.key(), at.partition(), key)) {
      Set<String> moves = placement.moves(record.headers(), at);
      if (moves.size() < Placement.MOST_MOVES) {
        out.move(record, at, key, OrderCodec.toAvro(event), moves);
      } else {
        out.deadLetter(record, at, DeadLetterReason.UNEXPECTED, Placement.WRONG_PLACE + moves);
      }
      return;
    }
    DeskOrder known = orders.get(key);
    OrderState before = known.order();
    OrderState after = OrderFold.fold(before, event, at);
    if (!after.equals(before)) {
      orders.put(key, known.withOrder(after));
      out.send(Topics.ORDER_STATES, key, OrderCodec.toAvro(after));
      if (after.disputed() && (before == null || !before.disputed())) {
        meters.disputed();
      }
    }
  }
}
