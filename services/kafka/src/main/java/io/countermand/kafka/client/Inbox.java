package io.countermand.kafka.client;

import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.RegistryUnavailableException;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads values and waits out a registry that cannot be asked: the record at hand may be good, so it
 * is neither skipped nor dead-lettered.
 */
public final class Inbox<T extends SpecificRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final EventDecoder<T> decoder;
  private final Duration patience;

  /**
   * @param patience how long to wait for the registry before giving the exception to the caller
   */
  public Inbox(EventDecoder<T> decoder, Duration patience) {
    this.decoder = decoder;
    this.patience = patience;
  }

  /**
   * @throws RegistryUnavailableException when the registry could not be asked for the whole
   *     patience
   */
  public Decoded<T> read(String topic, byte @Nullable [] value) {
    long end = System.nanoTime() + patience.toNanos();
    for (int attempt = 0; ; attempt++) {
      try {
        return decoder.decode(topic, value);
      } catch (RegistryUnavailableException e) {
        if (System.nanoTime() >= end || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.atWarn()
            .addKeyValue("topic", topic)
            .addKeyValue("error", e.getMessage())
            .log("schema registry cannot be asked, waiting");
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(Math.min(LONGEST_PAUSE.toMillis(), 50L << Math.min(attempt, 6)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
