// Over 300 lines: a task's start and end, and what becomes of each kind of record.
package io.countermand.desk;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.MassCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.TimeBounds;
import io.countermand.desk.lane.VenueLane;
import io.countermand.desk.lane.WaitingCalls;
import io.countermand.desk.lease.TaskLease;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.desk.settings.RateShare;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.events.serde.SchemaQuestions;
import io.countermand.kafka.Placement;
import io.countermand.kafka.deadletter.Parking;
import io.countermand.kafka.deadletter.TaskInbox;
import io.countermand.kafka.ownership.HandOverRecords;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.kafka.trace.TraceLog;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
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
final class DeskProcessor implements Processor<byte[], byte[], byte[], OutputRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(DeskProcessor.class);
  private static final Duration SIZE_EVERY = Duration.ofSeconds(5);

  private final DeskSettings settings;
  private final Placement placement;
  private final ServedKeys served;
  private final Map<String, VenueLane> lanes;
  private final RateShare share;
  private final DurableSends sends;
  private final Map<Integer, Queue<WaitingCalls.Handed>> answeredFor;
  private final Set<Integer> handedOver;
  private final Supplier<List<KillSwitch>> known;
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
  private @Nullable KillSwitches switches;
  private @Nullable TaskLease lease;
  private @Nullable IntentDecisions decisions;
  private @Nullable OrderEventFold folds;

  /** The next intent that this task reads. */
  private long position;

  private @Nullable Alarm handed;
  private @Nullable Alarm freezing;
  private final SchemaQuestions questions;
  private @Nullable Parking parking;
  private @Nullable TaskId task;
  private final Backlog.Ends ends;
  private @Nullable Backlog backlog;
  private List<Alarm> alarms = List.of();

  /**
   * @param answeredFor of this process, by partition: waiting calls that the ledger answers for.
   *     Thread-safe
   */
  DeskProcessor(
      DeskSettings settings,
      EventSerdes serdes,
      Placement placement,
      Map<String, VenueLane> lanes,
      RateShare share,
      DurableSends sends,
      Backlog.Ends ends,
      Set<Integer> handedOver,
      Supplier<List<KillSwitch>> known,
      DeskMeters meters,
      Map<Integer, Queue<WaitingCalls.Handed>> answeredFor) {
    this.ends = ends;
    this.answeredFor = answeredFor;
    this.handedOver = handedOver;
    this.known = known;
    this.settings = settings;
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
  public void init(ProcessorContext<byte[], OutputRecord> context) {
    outbox = new Outbox(context, settings.by(), meters);
    OrderTable orders = new OrderTable(context.getStateStore(Desk.ORDERS), settings);
    table = orders;
    TaskId id = context.taskId();
    task = id;
    backlog = new Backlog(id.partition(), ends, Instant.now());
    Outbox out = outbox;
    Tenures its =
        new Tenures(
            settings.streams().applicationId(),
            context.getStateStore(Desk.TENURES),
            handedOver.contains(id.partition()),
            Instant.now());
    tenures = its;
    its.tell(lanes.keySet(), id.partition());
    WaitingCalls calls =
        new WaitingCalls(
            context.getStateStore(Desk.WAITING),
            lanes,
            orders::wantedByMassCancel,
            answeredFor.computeIfAbsent(id.partition(), _ -> new ConcurrentLinkedQueue<>()));
    waiting = calls;
    position = sends.committed(Topics.INTENTS, id.partition());
    calls.restore(cancel -> orders.get(cancel.order().key()).settled(cancel));
    Alarm look =
        new Alarm(
            context,
            now -> {
              calls.forgetHanded();
              calls.offerUnsure(now);
              calls.forgetLate(now);
              return calls.forgetNext(now);
            });
    handed = look;
    TaskLease held =
        new TaskLease(
            context,
            sends,
            each -> out.lease(each, id.partition()),
            () -> its.decides(lanes.keySet()));
    lease = held;
    decisions =
        new IntentDecisions(settings, placement, lanes, sends, meters, orders, calls, look, held);
    MassFreezes masses =
        new MassFreezes(
            settings,
            context.getStateStore(Desk.MASSES),
            orders.open(),
            sends,
            out,
            id.partition(),
            () -> Objects.requireNonNull(parking).holds(Topics.ORDER_EVENTS),
            (mass, now) -> Objects.requireNonNull(switches).over(mass, now));
    freezes = masses;
    KillSwitches kills =
        new KillSwitches(
            context.getStateStore(Desk.SWITCHES),
            masses,
            settings.closing(),
            id.partition(),
            known.get());
    switches = kills;
    folds = new OrderEventFold(placement, orders, meters, kills);
    freezing =
        new Alarm(
            context,
            now -> {
              masses.step(now);
              kills.step(now);
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
    parking =
        new Parking(
            context,
            context.getStateStore(Desk.PARKED),
            questions,
            this::read,
            read -> orders.durable(read, sends.provedNanos()));
    share.owns(id); // from here on, for nobody closes what fails above
    try {
      calls.begin(cancel -> whose(cancel, id.partition()));
    } catch (RuntimeException e) {
      share.lost(id);
      throw e;
    }
  }

  @Override
  public void close() {
    alarms.forEach(Alarm::cancel);
    if (parking != null) {
      parking.close();
    }
    try {
      if (waiting != null) {
        waiting.close();
      }
    } finally { // the store may be closed or fenced by now: nothing is called under this task's
      // name
      if (lease != null) {
        lease.close();
      }
      if (task != null) {
        meters.gone(task);
        share.lost(task);
      }
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
    if (masses.any() && !at.topic().equals(Topics.INTENTS)) { // they come of its own steps
      masses.step(Instant.now());
    }
    if (at.topic().equals(Topics.INTENTS)) {
      position = at.offset() + 1;
      Objects.requireNonNull(lease).hasRead(position);
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
      Objects.requireNonNull(lease).end();
      return;
    }
    WaitingCalls calls = Objects.requireNonNull(waiting);
    calls.forgetHanded();
    calls.offerUnsure(Instant.now());
    Objects.requireNonNull(parking).process(record, at);
  }

  /**
   * @throws io.countermand.kafka.deadletter.NotReadableYet before anything is done
   */
  private void read(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    Outbox out = Objects.requireNonNull(outbox);
    OrderTable orders = Objects.requireNonNull(table);
    Tenures its = Objects.requireNonNull(tenures);
    IntentDecisions decides = Objects.requireNonNull(decisions);
    orders.reads(Objects.requireNonNull(backlog).has(at, Instant.now()));
    switch (at.topic()) {
      case Topics.INTENTS -> {
        if (its.has(record.key(), at.offset())) {
          Objects.requireNonNull(lease).reads(at.offset());
          take(
              intents.read(at.topic(), record.value(), effort),
              record,
              at,
              out,
              v -> decides.decide(v, record, at, out));
        } else if (intents.read(at.topic(), record.value(), effort)
            instanceof Decoded.Ok<CancelIntent>(CancelIntent value)) {
          decides.readAlong(value, record, at);
        }
      }
      case Topics.ORDER_EVENTS -> {
        Outbox to = its.publishes(record.key(), appended(record)) ? out : out.silent();
        take(
            orderEvents.read(at.topic(), record.value(), effort),
            record,
            at,
            to,
            v -> Objects.requireNonNull(folds).fold(v, record, at, to));
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
                MassCancel open =
                    Objects.requireNonNull(switches)
                        .command(MassCodec.fromAvro(v), appended(record));
                if (open != null) {
                  Objects.requireNonNull(freezes)
                      .command(open, at, TraceHeaders.read(record.headers()));
                }
                Objects.requireNonNull(freezing).noLaterThan(Instant.MIN);
              });
      default -> { // one that cannot be read releases no flight, time does
        Outbox to = its.publishes(record.key(), appended(record)) ? out : out.silent();
        take(
            outcomes.read(at.topic(), record.value(), effort),
            record,
            at,
            out,
            v -> outcome(v, at, orders, to));
      }
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

  private void outcome(CancelOutcome value, Evidence at, OrderTable orders, Outbox out) {
    Outcome outcome = OutcomeCodec.fromAvro(TimeBounds.possible(value));
    Objects.requireNonNull(waiting).settled(outcome.cancel());
    String key = outcome.cancel().order().key();
    DeskOrder known = orders.get(key).settled(outcome, settings.rules().slack());
    orders.put(key, known);
    KillSwitches kills = Objects.requireNonNull(switches);
    if (kills.any() && !out.isSilent()) {
      kills.settled(outcome, at, known, out, meters);
    }
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

  /** The ledger asks for a later attempt, or for the order's status. */
  private void retry(
      io.countermand.events.CancelRequest value,
      Record<byte[], byte[]> record,
      Evidence at,
      OrderTable orders) {
    CancelRequest request =
        IntentCodec.fromAvro(TimeBounds.possible(value))
            .traced(TraceHeaders.read(record.headers()));
    Cancel cancel = request.cancel();
    VenueLane lane = lanes.get(cancel.order().venue());
    boolean settled = lane != null && orders.get(cancel.order().key()).settled(cancel);
    if (lane != null && !settled) { // else another desk's, or of no use any more
      Objects.requireNonNull(waiting).later(lane, request, at, whose(cancel, at.partition()));
      Objects.requireNonNull(handed).noLaterThan(Instant.now().plus(WaitingCalls.HANDED_EVERY));
    }
  }
}
