package io.countermand.ledger;

import io.countermand.codec.MassCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.TraceContext;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassCheck;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.MassProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.SchemaQuestions;
import io.countermand.kafka.deadletter.DeadLetters;
import io.countermand.kafka.deadletter.Parking;
import io.countermand.kafka.deadletter.TaskInbox;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.trace.Hop;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mass cancels, wholly or not at all: the command stands in every partition, or in none, of
 * one transaction. Sums up what desks and ledger tell of them, and reports. One task, one partition
 * of {@code mass-cancels} and {@code mass-cancel-progress}.
 */
final class MassProcessor implements Processor<byte[], byte[], byte[], OutputRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(MassProcessor.class);

  private final LedgerSettings settings;
  private final String by;
  private final int partitions;
  private final LedgerMeters meters;
  private final SchemaQuestions questions;
  private final TaskInbox<io.countermand.events.MassCancel> asked;
  private final TaskInbox<MassProgress> progress;
  private @Nullable ProcessorContext<byte[], OutputRecord> context;
  private @Nullable MassStore books;
  private @Nullable SwitchStore switches;
  private @Nullable Alarm reports;
  private @Nullable Parking parking;

  MassProcessor(LedgerSettings settings, EventSerdes serdes, int partitions, LedgerMeters meters) {
    this.settings = settings;
    this.by = "ledger-" + settings.connection().instance();
    this.partitions = partitions;
    this.meters = meters;
    this.questions = serdes.questions();
    this.asked = new TaskInbox<>(serdes.decoder(io.countermand.events.MassCancel.class));
    this.progress = new TaskInbox<>(serdes.decoder(MassProgress.class));
  }

  @Override
  public void init(ProcessorContext<byte[], OutputRecord> its) {
    context = its;
    SwitchStore known = new SwitchStore(its.getStateStore(Ledger.MASSES));
    switches = known;
    MassStore kept =
        new MassStore(its.getStateStore(Ledger.MASSES), partitions, settings.venues(), known::isOn);
    books = kept;
    meters.switches(known.on());
    reports = new Alarm(its, now -> kept.report(now, this::publish));
    reports.noLaterThan(Instant.MIN);
    parking = new Parking(its, its.getStateStore(Ledger.MASSES_PARKED), questions, this::read);
  }

  @Override
  public void close() {
    meters.switches(0);
    if (reports != null) {
      reports.cancel();
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
    if (at.topic().equals(Topics.MASS_CANCELS)) {
      switch (asked.read(at.topic(), record.value(), effort)) {
        case Decoded.Ok<io.countermand.events.MassCancel>(var value) -> ask(value, record, at);
        case Decoded.Poison<io.countermand.events.MassCancel>(Decoded.Kind kind, String text) ->
            deadLetter(record, at, DeadLetterReason.valueOf(kind.name()), text);
      }
    } else {
      switch (progress.read(at.topic(), record.value(), effort)) {
        case Decoded.Ok<MassProgress>(MassProgress value) -> part(value);
        case Decoded.Poison<MassProgress>(Decoded.Kind kind, String text) ->
            deadLetter(record, at, DeadLetterReason.valueOf(kind.name()), text);
      }
    }
  }

  private void ask(
      io.countermand.events.MassCancel value, Record<byte[], byte[]> record, Evidence at) {
    MassCancel mass = MassCodec.fromAvro(value);
    MassStore kept = Objects.requireNonNull(books);
    Instant received = Instant.ofEpochMilli(record.timestamp());
    switch (new MassCheck(settings.check().longestDeadline()).check(mass, received)) {
      case MassCheck.Unanswerable(String text) ->
          deadLetter(record, at, DeadLetterReason.NO_CANCEL_ID, text);
      case MassCheck.Refused(MassCancel refused, String text) -> {
        if (kept.knows(refused.massId())) {
          conflict(record, at, refused, text);
        } else {
          publish(MassReport.refused(refused, text, Instant.now()));
        }
      }
      case MassCheck.Taken(MassCancel taken, Instant deadline) -> {
        KillSwitch before = Objects.requireNonNull(switches).get(taken.massId());
        if (!kept.knows(taken.massId()) && before != null) {
          publish(MassReport.refused(taken, "the id was used: " + before.words(), Instant.now()));
        } else if (!kept.knows(taken.massId()) && taken.releases() != null) {
          release(taken);
        } else if (!kept.knows(taken.massId())) {
          LOG.atWarn()
              .addKeyValue("massId", taken.massId())
              .addKeyValue("scope", taken.scope().words())
              .addKeyValue("dryRun", taken.dryRun())
              .addKeyValue("keep", taken.keep())
              .log("mass cancel taken");
          kept.take(taken, deadline);
          if (taken.keep()) {
            tell(Objects.requireNonNull(switches).fire(taken, Instant.now()));
          }
          spread(taken, told(taken, record));
        } else if (!kept.sameAs(taken)) {
          conflict(
              record,
              at,
              taken,
              "massId '" + taken.massId() + "' was used before with other content");
        } else {
          kept.sayAgain(taken.massId());
        }
      }
    }
    Objects.requireNonNull(reports).noLaterThan(Instant.MIN);
  }

  /**
   * Who asked waits for a report of this id. It gets the first one's again, and sees that it is not
   * its own: in an emergency nobody must wait for what was never begun.
   */
  private void conflict(Record<byte[], byte[]> record, Evidence at, MassCancel asked, String text) {
    deadLetter(record, at, DeadLetterReason.CONFLICTING_CONTENT, text);
    Objects.requireNonNull(books).sayAgain(asked.massId());
  }

  private void release(MassCancel asked) {
    Instant now = Instant.now();
    KillSwitch.Answer answer = Objects.requireNonNull(switches).release(asked, now);
    if (answer instanceof KillSwitch.Released(KillSwitch after, String text)) {
      LOG.atWarn()
          .addKeyValue("massId", after.mass().massId())
          .addKeyValue("by", asked.by())
          .log(text);
      tell(after);
      spread(asked.harmless(), null);
    }
    boolean unknown = answer instanceof KillSwitch.Unknown;
    MassReport.State state = unknown ? MassReport.State.REFUSED : MassReport.State.DONE;
    publish(MassReport.answer(asked, state, answer.text(), now));
  }

  /** In every partition, or in none: one transaction. */
  private void spread(MassCancel mass, @Nullable TraceContext trace) {
    io.countermand.events.MassCancel command = MassCodec.toAvro(mass);
    for (int partition = 0; partition < partitions; partition++) {
      forward(Ledger.SPREAD, Topics.MASS_COMMANDS, spreadKey(partition), command, trace);
    }
  }

  /** In the same transaction as the command. */
  private void tell(KillSwitch one) {
    meters.switches(Objects.requireNonNull(switches).on());
    forward(
        Ledger.MASS_OUT, Topics.KILL_SWITCHES, one.mass().massId(), SwitchCodec.toAvro(one), null);
  }

  private void part(MassProgress value) {
    MassPart part = MassCodec.fromAvro(value);
    if (part != null && Objects.requireNonNull(books).heard(value.getMassId(), part, value)) {
      Objects.requireNonNull(reports).noLaterThan(Instant.MIN);
    }
  }

  private void publish(MassReport report) {
    forward(
        Ledger.MASS_OUT,
        Topics.MASS_REPORTS,
        report.mass().massId(),
        MassCodec.toAvro(report),
        null);
  }

  /** Its partition is what the key of a command says; {@link #partition}. */
  private static String spreadKey(int partition) {
    return Integer.toString(partition);
  }

  /** Where a command goes: one to each partition. */
  static int partition(byte[] key) {
    return Integer.parseInt(new String(key, StandardCharsets.UTF_8));
  }

  /** Its own place in the trace of who asked; null: there is none. */
  private @Nullable TraceContext told(MassCancel mass, Record<byte[], byte[]> record) {
    TraceContext asked = TraceHeaders.read(record.headers());
    TraceContext here = asked == null ? null : asked.atMass(mass.massId());
    if (asked != null && here != null && here.sampled()) {
      settings
          .hops()
          .took(
              new Hop.Spread(
                  here,
                  asked.spanId(),
                  mass,
                  Instant.ofEpochMilli(record.timestamp()),
                  Instant.now()));
    }
    return here;
  }

  private void forward(
      String sink, String topic, String key, SpecificRecord value, @Nullable TraceContext trace) {
    Objects.requireNonNull(context)
        .forward(
            new Record<>(
                key.getBytes(StandardCharsets.UTF_8),
                new OutputRecord(topic, value),
                System.currentTimeMillis(),
                TraceHeaders.of(trace)),
            sink);
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
                TraceHeaders.same(record.headers())),
            Ledger.MASS_OUT);
  }
}
