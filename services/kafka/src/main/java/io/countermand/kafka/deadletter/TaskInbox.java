package io.countermand.kafka.deadletter;

import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.RegistryUnavailableException;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads values on a stream thread, which never waits for long. One whose schema is not known here
 * is not poison yet: the registry may be away, or not be in step with the one that the writer
 * asked.
 */
public final class TaskInbox<T extends SpecificRecord> {

  private static final Duration MOMENT = Duration.ofMillis(300);

  private final EventDecoder<T> decoder;

  public TaskInbox(EventDecoder<T> decoder) {
    this.decoder = decoder;
  }

  /**
   * How much a value's schema is worth.
   *
   * @param now by the task's clock
   * @param waits a moment for the registry's answer; else it is asked in the background, and what
   *     it says counts the next time
   * @param last what the registry does not know is poison
   */
  public record Effort(Instant now, boolean waits, boolean last) {}

  /**
   * @throws NotReadableYet when the registry could not be asked, or does not know the schema (yet)
   */
  public Decoded<T> read(String topic, byte @Nullable [] value, Effort effort) {
    Decoded<T> decoded;
    try {
      decoded = decoder.decode(topic, value, effort.now(), effort.waits() ? MOMENT : Duration.ZERO);
    } catch (RegistryUnavailableException e) {
      throw new NotReadableYet(String.valueOf(e.getMessage()), false);
    }
    if (!effort.last()
        && decoded instanceof Decoded.Poison<T>(Decoded.Kind kind, String text)
        && kind == Decoded.Kind.UNKNOWN_SCHEMA) {
      throw new NotReadableYet(text, true);
    }
    return decoded;
  }
}
