package io.countermand.audit.check;

import io.countermand.audit.source.StoredRecord;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters, by the record that each is about; a hundred bytes each. Compares each with its
 * source when that is read. Threads read it; one fills it first.
 */
public final class DeadLetterBook {

  private static final int MOST_VALUE = 64 * 1024;
  private static final int MOST_KEY = 4 * 1024;

  /** Read only where there are mass cancels, and then record by record of these. */
  private static final Set<String> NOT_COMPARED =
      Set.of(Topics.MASS_COMMANDS, Topics.MASS_PROGRESS, Topics.MASS_REPORTS, Topics.KILL_SWITCHES);

  /**
   * @param value hash of the value as kept there
   */
  public record Letter(Evidence at, String reason, long key, long value, int size) {}

  private final Map<Evidence, Letter> bySource = new ConcurrentHashMap<>();
  private final Set<Evidence> seen = ConcurrentHashMap.newKeySet();

  /** Reads one; what cannot be read is a difference. */
  public void read(
      EventDecoder<DeadLetter> decoder, ConsumerRecord<byte[], byte[]> record, Findings findings) {
    var at = new Evidence(record.topic(), record.partition(), record.offset());
    switch (decoder.decode(Topics.DEAD_LETTERS, record.value())) {
      case Decoded.Ok<DeadLetter>(DeadLetter value) -> {
        var source =
            new Evidence(
                value.getSource().getTopic(),
                value.getSource().getPartition(),
                value.getSource().getOffset());
        bySource.put(
            source,
            new Letter(
                at,
                value.getReason().name(),
                hash(value.getKey()),
                hash(value.getValue()),
                value.getValueSize()));
      }
      case Decoded.Poison<DeadLetter>(var _, String text) ->
          findings.add(DifferenceKind.UNREADABLE, null, null, text, List.of(at));
    }
  }

  @Nullable
  public Letter of(Evidence source) {
    return bySource.get(source);
  }

  boolean isEmpty() {
    return bySource.isEmpty();
  }

  public Map<Evidence, Letter> all() {
    return bySource;
  }

  /** A record was read: if a dead letter is about it, it must say the same bytes. */
  public void compare(ConsumerRecord<byte[], byte[]> record, Findings findings) {
    if (bySource.isEmpty()) {
      return;
    }
    var at = new Evidence(record.topic(), record.partition(), record.offset());
    Letter letter = bySource.get(at);
    if (letter == null) {
      return;
    }
    seen.add(at);
    int size = record.value() == null ? -1 : record.value().length;
    if (letter.size() != size
        || letter.key() != StoredRecord.hash(cut(record.key(), MOST_KEY))
        || letter.value() != StoredRecord.hash(cut(record.value(), MOST_VALUE))) {
      findings.add(
          DifferenceKind.DEAD_LETTER_NOT_SUPPORTED,
          null,
          null,
          "key or value are not those of the record " + at,
          List.of(letter.at(), at));
    }
  }

  /** Letters whose source was in reach and is not there. */
  public void unseen(AuditScope scope, Findings findings) {
    bySource.forEach(
        (source, letter) -> {
          if (seen.contains(source)
              || !scope.has(source.topic())
              || NOT_COMPARED.contains(source.topic())) {
            return; // or of a topic that no audit reads
          }
          if (scope.expired(source)) {
            findings.gap("dead letters whose source retention took");
          } else if (scope.covers(source)) {
            findings.add(
                DifferenceKind.DEAD_LETTER_NOT_SUPPORTED,
                null,
                null,
                "the record " + source + " is not there",
                List.of(letter.at(), source));
          }
        });
  }

  private static long hash(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return 0;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return StoredRecord.hash(copy);
  }

  private static byte @Nullable [] cut(byte @Nullable [] bytes, int most) {
    return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
  }
}
