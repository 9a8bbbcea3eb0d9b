// Over 300 lines: one record's way through the ledger, read in one place.
package io.countermand.ledger;

import io.countermand.codec.LedgerPage;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.TraceContext;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.events.serde.SchemaQuestions;
import io.countermand.kafka.Placement;
import io.countermand.kafka.deadletter.NotReadableYet;
import io.countermand.kafka.deadletter.Parking;
import io.countermand.kafka.deadletter.TaskInbox;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.kafka.trace.TraceLog;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one record, lets the lifecycle decide, applies. One per task; one stream thread. */
final class LedgerProcessor implements Processor<byte[], byte[], byte[], OutputRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerProcessor.class);
  private static final Duration SIZE_EVERY = Duration.ofSeconds(5);

  private final LedgerSettings settings;
  private final String by;
  private final RecordReading reading;
  private final OpenCancels open;
  private final LedgerMeters meters;
  private @Nullable Effects effects;
  private @Nullable LedgerStores books;
  private @Nullable TimerSchedule clock;
  private @Nullable HeldRefusals doubts;
  private @Nullable Alarm timers;
  private final SchemaQuestions questions;
  private @Nullable Parking parking;
  private List<Alarm> others = List.of();
  private final Set<String> toldOf = new HashSet<>();
  private final Map<Integer, Long> startsAt;
  private @Nullable TaskId task;

  LedgerProcessor(
      LedgerSettings settings,
      EventSerdes serdes,
      Placement placement,
      LedgerMeters meters,
      Map<Integer, Long> startsAt) {
    this.settings = settings;
    this.startsAt = startsAt;
    this.by = "ledger-" + settings.connection().instance();
    this.reading = new RecordReading(settings, serdes, placement);
    this.open = new OpenCancels(settings.venues());
    this.meters = meters;
    this.questions = serdes.questions();
  }

  @Override
  public void init(ProcessorContext<byte[], OutputRecord> context) {
    Effects out = new Effects(context, by, settings, meters);
    LedgerStores stores =
        new LedgerStores(
            context.getStateStore(Ledger.ORDERS),
            context.getStateStore(Ledger.SETTLED),
            settings,
            context.taskId().partition(),
            startsAt.getOrDefault(context.taskId().partition(), 0L),
            Instant.ofEpochMilli(context.currentSystemTimeMs()));
    TimerSchedule times = new TimerSchedule();
    HeldRefusals held = new HeldRefusals(context, out, stores, by);
    stores.each(
        (key, ledger) -> {
          times.set(key, ledger, settings.rules());
          held.changed(key, ledger);
          open.changed(key, OrderLedger.NONE, ledger);
        });
    open.publish();
    TaskId id = context.taskId();
    meters.has(id, open);
    task = id;
    effects = out;
    books = stores;
    clock = times;
    doubts = held;
    timers =
        new Alarm(
            context,
            now -> {
              fire(now, out, stores, times);
              return times.next();
            });
    timers.noLaterThan(times.next());
    others =
        List.of(
            held.alarm(),
            new Alarm(context, now -> stores.forgetOrders(now, () -> live(stores, times))),
            new Alarm(context, stores::forgetSettled),
            new Alarm(
                context,
                now -> {
                  meters.has(id, open, stores.orders(), stores.settled());
                  return now.plus(SIZE_EVERY);
                }));
    others.forEach(alarm -> alarm.noLaterThan(Instant.MIN));
    parking =
        new Parking(
            context,
            context.getStateStore(Ledger.PARKED),
            questions,
            stores.leases().keeping(this::read));
  }

  @Override
  public void close() {
    if (timers != null) {
      timers.cancel();
    }
    others.forEach(Alarm::cancel);
    if (parking != null) {
      parking.close();
    }
    if (task != null) {
      meters.gone(task);
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Evidence at = Objects.requireNonNull(effects).at();
    LedgerStores stores = Objects.requireNonNull(books);
    Instant appended = Instant.ofEpochMilli(record.timestamp());
    if (stores.wasRead(at, appended)) {
      passedOver(at);
      return;
    }
    Objects.requireNonNull(doubts).heard(record, at);
    Objects.requireNonNull(parking).process(record, at);
    stores.read(at, appended); // parked counts as read: it is in a store of the same transaction
  }

  private void read(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    Effects out = Objects.requireNonNull(effects);
    try {
      switch (reading.read(record, at, effort)) {
        case RecordReading.Events(String key, var events) -> step(key, events, record, at, out);
        case RecordReading.Bad(DeadLetterReason reason, String text) ->
            giveUp(record, at, reason, text, out);
        case RecordReading.NotOurs _ -> {}
      }
    } catch (KafkaException | RegistryUnavailableException | NotReadableYet e) {
      throw e; // ours to wait out, not the record's fault
    } catch (RuntimeException e) {
      try (var _ = TraceLog.in(TraceHeaders.read(record.headers()))) {
        LOG.atError().addKeyValue("record", at).setCause(e).log("record could not be processed");
      }
      giveUp(record, at, DeadLetterReason.UNEXPECTED, "unexpected: " + e, out);
    }
  }

  private void giveUp(
      Record<byte[], byte[]> record,
      Evidence at,
      DeadLetterReason reason,
      String text,
      Effects out) {
    Objects.requireNonNull(books).leases().givenUp(record, at);
    out.deadLetter(record, at, reason, text);
  }

  /** Nothing is decided twice. The log says so once for each topic and partition. */
  private void passedOver(Evidence at) {
    meters.passedOver(at.topic());
    if (toldOf.add(at.topic())) {
      var warning = LOG.atWarn().addKeyValue("from", at);
      warning.log("records are read again, since offsets were lost or set back; passed over");
    }
  }

  /** What is remembered of one order's cancels; keeps what was found. */
  private final class Remembered implements Lifecycle.Memory {

    private final LedgerStores stores;
    private final SettledIds ids;
    private final Leases leases;
    private Lifecycle.@Nullable Settled past;

    Remembered(LedgerStores stores, SettledIds ids, Leases leases) {
      this.stores = stores;
      this.ids = ids;
      this.leases = leases;
    }

    @Override
    public Lifecycle.@Nullable Settled settled(String cancelId) {
      past = ids.find(cancelId);
      return past;
    }

    @Override
    public boolean mayHaveForgotten(Cancel cancel) {
      boolean forgotten = stores.mayHaveForgotten(cancel);
      if (forgotten) {
        passedOver(cancel.intent());
      }
      return forgotten;
    }

    @Override
    public List<Long> mayHaveCalled(Cancel cancel) {
      return stores.leases().mayHaveCalled(cancel, leases);
    }
  }

  private void step(
      String key,
      List<? extends LedgerEvent> events,
      Record<byte[], byte[]> record,
      Evidence at,
      Effects out) {
    Objects.requireNonNull(doubts).read(record, events);
    LedgerStores stores = Objects.requireNonNull(books);
    LedgerPage page = stores.order(key);
    OrderLedger before = page.ledger();
    OrderLedger after = before;
    Map<String, TraceContext> traces = page.traces();
    List<LedgerEffect> effects = new ArrayList<>();
    var ids = new SettledIds(stores, key, page.settled());
    var memory = new Remembered(stores, ids, stores.leases().there(record, at));
    for (LedgerEvent event : events) {
      if (event instanceof LedgerEvent.OrderSeen seen && !after.heeds(seen.event())) {
        continue;
      }
      traces = Traces.heard(traces, after, event, record.headers());
      Lifecycle.Step step = Lifecycle.step(after, event, settings.rules(), memory);
      if (memory.past != null && event instanceof LedgerEvent.OfCancel again) {
        ids.repeated(again.cancel(), memory.past);
      }
      after = step.state();
      effects.addAll(step.effects());
      for (LedgerEffect effect : step.effects()) {
        if (effect instanceof LedgerEffect.Settle settle) {
          ids.settle(settle.outcome());
        }
      }
    }
    var now = new LedgerPage(after, Traces.live(traces, after), ids.inPage());
    if (!now.equals(page)) {
      stores.put(key, now);
      TimerSchedule times = Objects.requireNonNull(clock);
      times.set(key, after, settings.rules());
      Objects.requireNonNull(timers).noLaterThan(times.next());
      open.changed(key, before, after);
      Objects.requireNonNull(doubts).changed(key, after);
      open.publish();
    }
    for (LedgerEffect effect : effects) {
      out.apply(key, effect, record, at, traces);
    }
  }

  /** Intents without an outcome; null: some cannot be read yet. */
  private @Nullable List<Long> live(LedgerStores stores, TimerSchedule times) {
    return Objects.requireNonNull(parking).holds(Topics.INTENTS) ? null : stores.live(times.keys());
  }

  /** Writes the timers that are due into the log; they count when they are read back. */
  private void fire(Instant now, Effects out, LedgerStores stores, TimerSchedule times) {
    for (String key : times.due(now)) {
      LedgerPage page = stores.order(key);
      for (OpenCancel open : times.fire(key, page.ledger(), settings.rules(), now)) {
        Instant wake = open.wake(settings.rules());
        var trace = Traces.of(page.traces(), open.id());
        out.send(Topics.PROGRESS, key, ProgressCodec.timer(open.cancel(), wake, now, by), trace);
      }
    }
  }
}
