package io.countermand.app.drill;

import io.countermand.app.lookup.TopicScan;
import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.MassPart;
import io.countermand.events.MassProgress;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the topics say of a mass cancel beside its reports.
 *
 * @param logged when the broker appended it
 * @param frozen keys of the orders that the desks told to be in scope
 * @param frozenAt when the last desk told all of its scope; null: none has
 */
public record DrillMassRecords(Instant logged, Set<String> frozen, @Nullable Instant frozenAt) {

  /**
   * @throws IllegalStateException if the mass cancel is not in its topic
   */
  static DrillMassRecords read(KafkaConnection connection, String massId) {
    var read = new Read();
    try (var scan = new TopicScan(connection);
        var serdes = connection.serdes()) {
      scan.all(
          Topics.MASS_CANCELS,
          null,
          record -> {
            byte[] key = record.key();
            if (key != null && massId.equals(new String(key, StandardCharsets.UTF_8))) {
              read.logged = read.logged == null ? at(record.timestamp()) : read.logged;
            }
          });
      var values = serdes.deserializer(MassProgress.class);
      scan.all(
          Topics.MASS_PROGRESS,
          null,
          record -> {
            MassProgress progress = values.deserialize(record.topic(), record.value());
            if (progress != null && massId.equals(progress.getMassId())) {
              read.heard(MassCodec.fromAvro(progress), at(record.timestamp()));
            }
          });
    }
    Instant logged = read.logged;
    if (logged == null) {
      throw new IllegalStateException("the mass cancel " + massId + " is not in its topic");
    }
    return new DrillMassRecords(logged, read.frozen, read.frozenAt);
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  private static final class Read {
    private final Set<String> frozen = new TreeSet<>();
    private @Nullable Instant logged;
    private @Nullable Instant frozenAt;

    void heard(@Nullable MassPart part, Instant at) {
      if (part instanceof MassPart.Frozen one) {
        frozen.addAll(one.orders());
        if (one.last() && (frozenAt == null || at.isAfter(frozenAt))) {
          frozenAt = at;
        }
      }
    }
  }
}
