package io.countermand.simulator.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the journal keeps.
 *
 * @param keep the newest entries kept in memory; 0 for none
 * @param file JSON lines appended and handed to the system before any answer leaves, so that they
 *     survive a kill of the process; read back at start; null for none
 */
public record JournalOptions(int keep, @Nullable Path file) {

  public static final JournalOptions MEMORY = new JournalOptions(Integer.MAX_VALUE, null);

  /** Counters only: for benchmarks. */
  public static final JournalOptions OFF = new JournalOptions(0, null);

  public static JournalOptions file(Path file) {
    return new JournalOptions(Integer.MAX_VALUE, file);
  }

  /** The last {@code keep} entries. */
  public static JournalOptions last(int keep) {
    return new JournalOptions(keep, null);
  }
}
