package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.Findings;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.MassCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.OrderKeys;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.MassProgress;
import io.countermand.events.OrderState;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.kafka.Placement;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Mass cancels and kill switches: reads what the topics tell of them, and has it checked. Where
 * there are none in the range, it reads their commands and nothing else. One thread.
 */
public final class MassRun {

  /**
   * Of more orders in one partition that some scope reaches, not all is checked, and it is said.
   */
  private static final int MOST_ORDERS = 1_000_000;

  private final RecordSource source;
  private final Range range;
  private final AuditRules rules;
  private final AuditScope scope;
  private final Map<String, MassRecords> masses = new LinkedHashMap<>();

  /**
   * @param scope of what was read
   */
  public MassRun(RecordSource source, Range range, AuditRules rules, AuditScope scope) {
    this.source = source;
    this.range = range;
    this.rules = rules;
    this.scope = scope;
  }

  /**
   * @param only keys of orders that are reported; all are read
   */
  public void check(Findings findings, Predicate<String> only) {
    Range.MASSES.stream()
        .filter(topic -> !scope.has(topic))
        .forEach(topic -> findings.gap("mass cancels: there is no " + topic + " to be read"));
    if (scope.has(Topics.MASS_COMMANDS)) {
      findings.counted(Findings.Count.MASSES, 0);
    }
    commands();
    if (masses.isEmpty()) {
      return;
    }
    progress();
    reports();
    switches();
    if (masses.values().removeIf(this::releaseExpired)) {
      findings.gap("kill switches whose release retention took");
    }
    for (int partition : range.parts(Topics.INTENTS).keySet()) {
      cancels(partition);
      if (!events(partition)) {
        findings.gap("partitions with more orders than a mass cancel's scope is derived from");
      }
    }
    var cut = range.cut();
    boolean whole =
        !cut.containsKey(Topics.INTENTS)
            && !cut.containsKey(Topics.OUTCOMES)
            && !cut.containsKey(Topics.MASS_PROGRESS);
    var checks =
        new MassChecks(
            scope,
            rules.desk().venues(),
            rules.closing(),
            rules.forgetIdle(),
            range.partitions,
            findings,
            only);
    masses.values().forEach(one -> checks.check(one, whole));
  }

  private interface Each<T> {
    void take(T value, ConsumerRecord<byte[], byte[]> record, MassRecords.At at);
  }

  private <T extends SpecificRecord> void read(String topic, Class<T> type, Each<T> each) {
    for (Range.Part part : range.parts(topic).values()) {
      read(part, type, each);
    }
  }

  private <T extends SpecificRecord> void read(
      Range.@Nullable Part part, Class<T> type, Each<T> each) {
    if (part == null) {
      return;
    }
    EventDecoder<T> decoder = source.serdes().decoder(type);
    source.read(
        part.topic(),
        part.partition(),
        part.from(),
        part.to(),
        record -> {
          if (record.value() != null
              && decoder.decode(record.topic(), record.value()) instanceof Decoded.Ok<T>(T value)) {
            var at = new Evidence(record.topic(), record.partition(), record.offset());
            each.take(
                value, record, new MassRecords.At(at, Instant.ofEpochMilli(record.timestamp())));
          }
        });
  }

  private void commands() {
    Map<String, Map<Integer, MassRecords.At>> releases = new HashMap<>();
    read(
        Topics.MASS_COMMANDS,
        io.countermand.events.MassCancel.class,
        (value, _, at) -> {
          MassCancel mass = MassCodec.fromAvro(value);
          if (mass.releases() != null) {
            releases
                .computeIfAbsent(mass.releases(), _ -> new HashMap<>())
                .putIfAbsent(at.at().partition(), at);
          } else {
            masses
                .computeIfAbsent(mass.massId(), _ -> new MassRecords(mass))
                .commands
                .putIfAbsent(at.at().partition(), at);
          }
        });
    masses.values().removeIf(one -> !judged(one, releases.get(one.mass.massId())));
    masses.forEach((id, one) -> one.releases.putAll(releases.getOrDefault(id, Map.of())));
  }

  /** Taken in the range; or a switch that was on in it. */
  private boolean judged(MassRecords one, @Nullable Map<Integer, MassRecords.At> released) {
    boolean offBefore =
        released != null
            && released.values().stream().allMatch(at -> at.time().isBefore(scope.from()));
    return scope.judged(one.taken())
        || (one.mass.keep() && one.taken().isBefore(scope.to()) && !offBefore);
  }

  /** Off by kill-switches, which keeps all; but no command is left that says so. */
  private boolean releaseExpired(MassRecords one) {
    MassRecords.Shown shown = one.shown;
    return shown != null
        && !shown.one().on()
        && one.releases.isEmpty()
        && range.parts(Topics.MASS_COMMANDS).values().stream().anyMatch(part -> part.kept() > 0);
  }

  private void progress() {
    read(
        Topics.MASS_PROGRESS,
        MassProgress.class,
        (value, _, at) -> {
          MassRecords one = masses.get(value.getMassId());
          MassPart part = MassCodec.fromAvro(value);
          if (one != null && part != null) {
            one.parts.add(new MassRecords.Heard(part, at));
          }
        });
  }

  private void reports() {
    read(
        Topics.MASS_REPORTS,
        io.countermand.events.MassReport.class,
        (value, _, at) -> {
          MassReport report = MassCodec.fromAvro(value);
          MassRecords one = masses.get(report.mass().massId());
          if (one != null && report.state() != MassReport.State.REFUSED) {
            MassRecords.Said last = one.report;
            if (last == null || last.report().number() <= report.number()) {
              one.report = new MassRecords.Said(report, at);
            }
          }
        });
  }

  private void switches() {
    read(
        Topics.KILL_SWITCHES,
        io.countermand.events.KillSwitch.class,
        (value, _, at) -> {
          KillSwitch is = SwitchCodec.fromAvro(value);
          MassRecords one = masses.get(is.mass().massId());
          if (one != null) {
            one.shown = new MassRecords.Shown(is, at);
          }
        });
  }

  private void cancels(int partition) {
    read(
        range.part(Topics.INTENTS, partition),
        CancelIntent.class,
        (value, _, at) -> {
          MassRecords one = value.getMassId() == null ? null : masses.get(value.getMassId());
          if (one != null) {
            Intent intent = IntentCodec.fromAvro(value);
            String key = intent.order().key();
            if (intent.cancelId().equals(MassIntents.cancelId(one.mass.massId(), key))) {
              one.intents.computeIfAbsent(key, _ -> new ArrayList<>()).add(at);
            }
          }
        });
    read(
        range.part(Topics.OUTCOMES, partition),
        CancelOutcome.class,
        (value, _, at) -> {
          Outcome outcome = OutcomeCodec.fromAvro(value);
          String massId = outcome.cancel().massId();
          MassRecords one = massId == null ? null : masses.get(massId);
          if (one != null && MassIntents.isPart(outcome.cancel())) {
            one.outcomes
                .computeIfAbsent(outcome.cancel().order().key(), _ -> new ArrayList<>())
                .add(
                    new MassRecords.Answered(
                        outcome.cancel().cancelId(), outcome.result(), outcome.reason(), at));
          }
        });
  }

  private boolean events(int partition) {
    var reading = new TableReading();
    boolean any = masses.values().stream().anyMatch(one -> one.mass.keep());
    BiConsumer<io.countermand.domain.order.OrderState, ConsumerRecord<byte[], byte[]>> row =
        (state, record) -> {
          Evidence event = state.evidence();
          OrderRef order = OrderKeys.parse(new String(record.key(), StandardCharsets.UTF_8));
          if (event != null && order != null && event.partition() == partition) {
            reading.see(order.venue(), event, Instant.ofEpochMilli(record.timestamp()));
          }
        };
    if (any) {
      read(
          range.part(Topics.ORDER_STATES, partition),
          OrderState.class,
          (value, record, _) -> row.accept(OrderCodec.fromAvro(value), record));
    }
    var placement = new Placement(range.partitions);
    var scopes =
        new ScopeReader(
            partition,
            List.copyOf(masses.values()),
            reading,
            scope.from(),
            scope.horizon().minus(MassChecks.DUE),
            MOST_ORDERS);
    read(
        range.part(Topics.ORDER_EVENTS, partition),
        io.countermand.events.OrderEvent.class,
        (value, record, at) -> {
          if (Facts.of(OrderCodec.fromAvro(value), at.time())
                  instanceof Facts.Known(OrderEvent event)
              && placement.right(record.key(), partition, event.order().key())
              && scope.deadLetter(at.at()) == null) {
            scopes.see(event, at.at(), at.time());
          }
        });
    return scopes.finish();
  }
}
