package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.DeadLetterBook;
import io.countermand.audit.check.Findings;
import io.countermand.audit.history.AuditRules;
import io.countermand.audit.history.HistorySource;
import io.countermand.audit.history.Range;
import io.countermand.codec.MassCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.Evidence;
import io.countermand.domain.mass.MassCheck;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.platform.Topics;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads what was asked for on {@code mass-cancels}, and has it checked. One thread. */
public final class AskedRun {

  private final HistorySource source;
  private final Range range;
  private final AuditRules rules;
  private final AuditScope scope;
  private final DeadLetterBook letters;

  /**
   * @param scope of what was read
   */
  public AskedRun(
      HistorySource source,
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

  public void check(Findings findings) {
    if (!scope.has(Topics.MASS_CANCELS)) {
      return; // which MassRun says
    }
    var asked = new AskedChecks(scope, new MassCheck(rules.check().longestDeadline()), findings);
    read(
        Topics.MASS_CANCELS,
        MassCancel.class,
        (value, record, at) -> {
          letters.compare(record, findings);
          asked.asked(value == null ? null : MassCodec.fromAvro(value), at);
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
        MassCancel.class,
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

  private interface Each<T> {

    /**
     * @param value null: it cannot be read
     */
    void take(@Nullable T value, ConsumerRecord<byte[], byte[]> record, MassRecords.At at);
  }

  private <T extends SpecificRecord> void read(String topic, Class<T> type, Each<T> each) {
    EventDecoder<T> decoder = source.serdes().decoder(type);
    for (Range.Part part : range.parts(topic).values()) {
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
}
