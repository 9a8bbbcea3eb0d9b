package io.countermand.simulator;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the journal keeps.
 *
 * @param keep the newest entries kept in memory; 0 for none
 * @param file JSON lines appended and handed to the system before any answer leaves, so that they
 *     survive a kill of the process; read back at start; null for none
 * @param most bytes of a file; then it becomes {@code <file>.1}, in place of an older one
 */
public record JournalOptions(int keep, @Nullable Path file, long most) {

  /** Some 200 MB, and more than an hour at 50 cancels a second. */
  private static final int KEPT = 500_000;

  private static final long MOST = 1L << 30;

  public static final JournalOptions MEMORY = new JournalOptions(KEPT, null, MOST);

  /** Counters only: for benchmarks. */
  public static final JournalOptions OFF = new JournalOptions(0, null, MOST);

  public static JournalOptions file(Path file) {
    return new JournalOptions(KEPT, file, MOST);
  }

  /** The last {@code keep} entries. */
  public static JournalOptions last(int keep) {
    return new JournalOptions(keep, null, MOST);
  }
}
