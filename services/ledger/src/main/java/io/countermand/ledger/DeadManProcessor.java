package io.countermand.ledger;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.DeadManEvent;
import io.countermand.events.Heartbeat;
import io.countermand.events.HeartbeatTick;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.SchemaQuestions;
import io.countermand.kafka.deadletter.DeadLetters;
import io.countermand.kafka.deadletter.Parking;
import io.countermand.kafka.deadletter.TaskInbox;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the dead-man's switches of its partition of {@code heartbeats}. While one is armed it
 * writes ticks into that partition, and decides by their append times when it reads them back
 * ({@link DeadManWatch}). A fire is a mass cancel on {@code mass-cancels}; ticks, fires, offsets
 * and store are one transaction. Its own clock decides nothing but when to write a tick.
 *
 * <pre>
 * s \0 switchId   an armed switch
 * c               the last tick
 * </pre>
 */
final class DeadManProcessor implements Processor<byte[], byte[], byte[], OutputRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(DeadManProcessor.class);
  private static final String CLOCK = "c";
  private static final String SWITCH = "s\0";

  /** Between two ticks, at the least. */
  private static final Duration LEAST = Duration.ofMillis(100);

  /** The broker's clock has milliseconds; one that comes early has come for nothing. */
  private static final Duration MARGIN = Duration.ofMillis(5);

  /**
   * What an older tick fires would soon be too late, and be refused: the next one decides. Ticks
   * that are read again after the state was lost are older, too.
   */
  private static final Duration OLD = Duration.ofMinutes(1);

  /** A tick that says more was not written by us, whatever it says. */
  private static final Duration MOST_APART = Duration.ofDays(1);

  private final LedgerMeters meters;
  private final String by;
  private final SchemaQuestions questions;
  private final TaskInbox<Heartbeat> inbox;
  private @Nullable ProcessorContext<byte[], OutputRecord> context;
  private @Nullable KeyValueStore<String, byte[]> store;
  private @Nullable Parking parking;
  private @Nullable Alarm alarm;
  private DeadManWatch watch = new DeadManWatch();
  private Instant ticked = Instant.EPOCH;

  /** How far the broker's clock is ahead of ours. */
  private Duration ahead = Duration.ZERO;

  DeadManProcessor(LedgerSettings settings, EventSerdes serdes, LedgerMeters meters) {
    this.meters = meters;
    this.by = "ledger-" + settings.connection().instance();
    this.questions = serdes.questions();
    this.inbox = new TaskInbox<>(serdes.decoder(Heartbeat.class));
  }

  @Override
  public void init(ProcessorContext<byte[], OutputRecord> its) {
    context = its;
    watch = new DeadManWatch();
    ticked = Instant.EPOCH;
    KeyValueStore<String, byte[]> kept = its.getStateStore(Ledger.HEARTBEATS);
    store = kept;
    try (KeyValueIterator<String, byte[]> rows = kept.all()) {
      rows.forEachRemaining(this::restore);
    }
    alarm = new Alarm(its, this::ring);
    if (!watch.armed().isEmpty()) {
      alarm.noLaterThan(Instant.MIN);
    }
    parking = new Parking(its, its.getStateStore(Ledger.HEARTBEATS_PARKED), questions, this::read);
    meters.deadMan().has(its.taskId(), watch.armed());
  }

  private void restore(KeyValue<String, byte[]> row) {
    if (row.key.equals(CLOCK)) {
      watch.kept(HeartbeatCodec.clock(row.value));
    } else {
      watch.kept(HeartbeatCodec.deadManSwitch(Topics.HEARTBEATS, row.value));
    }
  }

  @Override
  public void close() {
    if (context != null) {
      meters.deadMan().gone(context.taskId());
    }
    if (alarm != null) {
      alarm.cancel();
    }
    if (parking != null) {
      parking.close();
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata meta = Objects.requireNonNull(context).recordMetadata().orElseThrow();
    var at = new Evidence(meta.topic(), meta.partition(), meta.offset());
    Objects.requireNonNull(parking).process(record, at);
  }

  private void read(Record<byte[], byte[]> record, Evidence at, TaskInbox.Effort effort) {
    switch (inbox.read(at.topic(), record.value(), effort)) {
      case Decoded.Ok<Heartbeat>(Heartbeat value) -> {
        Instant appended = Instant.ofEpochMilli(record.timestamp());
        HeartbeatTick tick = value.getTick();
        if (tick != null) {
          tick(value.getBy(), tick, at, appended);
        } else if (value.getNotice() == null) {
          heard(value, record, at, appended);
        } else if (value.getNotice().getWhat() == DeadManEvent.FIRED) {
          apply(watch.fired(value.getSwitchId(), value.getNotice().getMassId()), at, appended);
        }
      }
      case Decoded.Poison<Heartbeat>(Decoded.Kind kind, String text) ->
          deadLetter(record, at, DeadLetterReason.valueOf(kind.name()), text);
    }
  }

  private void heard(
      Heartbeat value, Record<byte[], byte[]> record, Evidence at, Instant appended) {
    io.countermand.domain.mass.Heartbeat word = HeartbeatCodec.fromAvro(value);
    List<String> problems = word.problems();
    if (!problems.isEmpty()) {
      deadLetter(
          record, at, DeadLetterReason.OTHER, "no heartbeat: " + String.join("; ", problems));
      return;
    }
    byte[] key = record.key();
    if (key == null || !word.switchId().equals(new String(key, StandardCharsets.UTF_8))) {
      deadLetter(record, at, DeadLetterReason.OTHER, "no heartbeat: its key must be its switchId");
      return;
    }
    boolean late = Objects.requireNonNull(parking).holds(at, key);
    apply(watch.heard(word, at, appended, late), at, appended);
    if (!word.off()) {
      Objects.requireNonNull(alarm).noLaterThan(ticked.plus(DeadManWatch.period(word)));
    }
  }

  private void tick(String writer, HeartbeatTick tick, Evidence at, Instant appended) {
    Duration apart = Duration.between(tick.getWrittenAt(), appended);
    if (writer.equals(by) && apart.abs().compareTo(MOST_APART) < 0) {
      ahead = apart;
    }
    Parking its = Objects.requireNonNull(parking);
    boolean old = Instant.now().plus(ahead).isAfter(appended.plus(OLD));
    apply(
        watch.tick(at, appended, id -> old || its.holds(at, id.getBytes(StandardCharsets.UTF_8))),
        at,
        appended);
    DeadManWatch.LastTick clock = watch.clock();
    if (clock != null) {
      Objects.requireNonNull(store).put(CLOCK, HeartbeatCodec.bytes(clock));
    }
  }

  private void apply(DeadManWatch.Step step, Evidence at, Instant appended) {
    KeyValueStore<String, byte[]> kept = Objects.requireNonNull(store);
    step.keep().forEach(one -> kept.put(SWITCH + one.word().switchId(), HeartbeatCodec.bytes(one)));
    step.drop().forEach(id -> kept.delete(SWITCH + id));
    for (DeadManSwitch one : step.warned()) {
      LOG.atWarn()
          .addKeyValue("switchId", one.word().switchId())
          .addKeyValue("massId", one.massId())
          .addKeyValue("text", one.words(appended))
          .log("no heartbeat for half of the time-out");
      notice(DeadManEvent.SILENT, one, at, appended);
    }
    for (DeadManSwitch one : step.fired()) {
      LOG.atError()
          .addKeyValue("switchId", one.word().switchId())
          .addKeyValue("massId", one.massId())
          .addKeyValue("text", one.words(appended))
          .log("dead-man's switch fired");
      MassCancel mass = one.fires(appended);
      forward(mass.massId(), new OutputRecord(Topics.MASS_CANCELS, MassCodec.toAvro(mass)));
      notice(DeadManEvent.FIRED, one, at, appended);
      meters.deadMan().fired();
    }
    meters.deadMan().has(Objects.requireNonNull(context).taskId(), watch.armed());
  }

  private void notice(DeadManEvent what, DeadManSwitch one, Evidence at, Instant tick) {
    SpecificRecord notice = HeartbeatCodec.notice(what, one, tick, by, Instant.now());
    forward(one.word().switchId(), new OutputRecord(Topics.HEARTBEATS, notice, at.partition()));
  }

  /** Writes a tick if it is time for one. */
  private Instant ring(Instant now) {
    Instant at = wanted();
    if (now.isBefore(at)) {
      return at;
    }
    ticked = now;
    int partition = Objects.requireNonNull(context).taskId().partition();
    forward(null, new OutputRecord(Topics.HEARTBEATS, HeartbeatCodec.tick(by, now), partition));
    return wanted();
  }

  /** When the next tick is to be written, by our clock; at most one for each that is due. */
  private Instant wanted() {
    Duration period = watch.period();
    Instant next = watch.next();
    if (period == null || next == null) {
      return Instant.MAX;
    }
    Instant usual = ticked.plus(period);
    Instant due = next.minus(ahead).plus(MARGIN);
    Instant least = ticked.plus(LEAST);
    Instant earlier = due.isBefore(usual) ? due : usual;
    return earlier.isBefore(least) ? least : earlier;
  }

  private void forward(@Nullable String key, OutputRecord out) {
    Objects.requireNonNull(context)
        .forward(
            new Record<>(
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                out,
                System.currentTimeMillis(),
                new RecordHeaders()));
  }

  private void deadLetter(
      Record<byte[], byte[]> record, Evidence at, DeadLetterReason reason, String text) {
    var letters = new DeadLetters(by, meters.deadLetters());
    Objects.requireNonNull(context)
        .forward(
            new Record<>(
                DeadLetters.key(record.key()),
                new OutputRecord(
                    Topics.DEAD_LETTERS,
                    letters.of(at, record.timestamp(), record.key(), record.value(), reason, text)),
                System.currentTimeMillis(),
                TraceHeaders.same(record.headers())));
  }
}
