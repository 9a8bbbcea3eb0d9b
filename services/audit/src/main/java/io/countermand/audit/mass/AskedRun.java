package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.DeadLetterBook;
import io.countermand.audit.check.Findings;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.codec.MassCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassCheck;
import io.countermand.domain.order.Evidence;
import io.countermand.events.Heartbeat;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassReport;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was asked for on {@code mass-cancels}, by people, programs and the silence of
 * programs, and has it checked. One thread.
 */
public final class AskedRun {

  private final RecordSource source;
  private final Range range;
  private final AuditRules rules;
  private final AuditScope scope;
  private final DeadLetterBook letters;

  /** What stands on mass-cancels, by massId. */
  private final Map<String, List<Request>> requests = new LinkedHashMap<>();

  private record Request(MassCancel mass, MassRecords.At at) {}

  /**
   * @param scope of what was read
   */
  public AskedRun(
      RecordSource source,
      Range range,
      AuditRules rules,
      AuditScope scope,
      DeadLetterBook letters) {
    this.source = source;
    this.range = range;
    this.rules = rules;
    this.scope = scope;
    this.letters = letters;
  }

  /** What is not there to be read is said by {@link MassRun}. */
  public void check(Findings findings) {
    if (scope.has(Topics.MASS_CANCELS)) {
      requests(findings);
    }
    for (Range.Part part : range.parts(Topics.HEARTBEATS).values()) {
      heartbeats(part, findings);
    }
  }

  private void requests(Findings findings) {
    var asked = new AskedChecks(scope, new MassCheck(rules.check().longestDeadline()), findings);
    read(
        Topics.MASS_CANCELS,
        io.countermand.events.MassCancel.class,
        (value, record, at) -> {
          letters.compare(record, findings);
          MassCancel mass = value == null ? null : MassCodec.fromAvro(value);
          if (mass != null) {
            requests
                .computeIfAbsent(mass.massId(), _ -> new ArrayList<>())
                .add(new Request(mass, at));
          }
          asked.asked(mass, at);
        });
    read(
        Topics.MASS_REPORTS,
        MassReport.class,
        (value, _, at) -> {
          if (value != null) {
            asked.reported(MassCodec.fromAvro(value), at);
          }
        });
    read(
        Topics.MASS_COMMANDS,
        io.countermand.events.MassCancel.class,
        (value, _, at) -> {
          if (value != null) {
            asked.commanded(MassCodec.fromAvro(value), at);
          }
        });
    read(
        Topics.KILL_SWITCHES,
        KillSwitch.class,
        (value, record, _) -> {
          if (value != null) {
            asked.knownSwitch(SwitchCodec.fromAvro(value).mass().massId());
          } else if (record.value() != null) {
            asked.unreadableSwitch();
          }
        });
    asked.finish();
  }

  private void heartbeats(Range.Part part, Findings findings) {
    findings.counted(Findings.Count.FIRES, 0);
    var checks =
        new DeadManChecks(
            scope, part.from(), scope.has(Topics.MASS_CANCELS) ? this::asked : null, findings);
    var reader = new HeartbeatReader(scope, checks);
    read(
        part,
        Heartbeat.class,
        (value, record, at) -> {
          letters.compare(record, findings);
          reader.take(value, record.key(), at);
        });
    checks.finish(scope.ledgerUntil());
    if (range.parts(Topics.HEARTBEATS).size() == 1) { // as it is made; else it may be another's
      requests.values().stream()
          .map(List::getFirst)
          .forEach(one -> checks.asked(one.mass(), one.at()));
    }
  }

  private List<MassCancel> asked(String massId) {
    return requests.getOrDefault(massId, List.of()).stream().map(Request::mass).toList();
  }

  private interface Each<T> {

    /**
     * @param value null: it cannot be read
     */
    void take(@Nullable T value, ConsumerRecord<byte[], byte[]> record, MassRecords.At at);
  }

  private <T extends SpecificRecord> void read(String topic, Class<T> type, Each<T> each) {
    range.parts(topic).values().forEach(part -> read(part, type, each));
  }

  private <T extends SpecificRecord> void read(Range.Part part, Class<T> type, Each<T> each) {
    EventDecoder<T> decoder = source.serdes().decoder(type);
    String topic = part.topic();
    source.read(
        topic,
        part.partition(),
        part.from(),
        part.to(),
        record -> {
          T value =
              record.value() != null
                      && decoder.decode(topic, record.value()) instanceof Decoded.Ok<T>(T is)
                  ? is
                  : null;
          var at = new Evidence(topic, record.partition(), record.offset());
          each.take(
              value, record, new MassRecords.At(at, Instant.ofEpochMilli(record.timestamp())));
        });
  }
}
