package io.countermand.desk;

import io.countermand.domain.mass.KillSwitch;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.SwitchReader;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kill switches as they stood when this desk began: read once, and no task begins before. Where
 * they cannot be read, the desk waits, and says why: it would pass over one that is on. A single
 * record that will never be readable stops no desk: it is in the log, and in {@code kill list}.
 * Thread-safe.
 */
final class KnownSwitches implements Supplier<List<KillSwitch>> {

  private static final Logger LOG = LoggerFactory.getLogger(KnownSwitches.class);

  private final KafkaConnection connection;
  private final EventSerdes serdes;
  private volatile @Nullable List<KillSwitch> known;
  private volatile String lacks = "the kill switches were not read yet";

  KnownSwitches(KafkaConnection connection, EventSerdes serdes) {
    this.connection = connection;
    this.serdes = serdes;
  }

  /** Reads them, if they were not; whether it has them. Waits some seconds for the registry. */
  boolean read() {
    if (known == null) {
      try {
        known = SwitchReader.read(connection, serdes).switches();
      } catch (RuntimeException e) {
        lacks = "the kill switches cannot be read: " + e.getMessage();
        LOG.atWarn().addKeyValue("error", e.toString()).log("kill switches cannot be read");
      }
    }
    return known != null;
  }

  /** What to say while it has not. */
  String lacks() {
    return lacks;
  }

  @Override
  public List<KillSwitch> get() {
    return Objects.requireNonNull(known, "no task begins before they are read");
  }
}
