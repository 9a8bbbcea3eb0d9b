package io.countermand.bench.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** When each intent of a load was seen at one place. Written by one thread, counted by another. */
public final class ArrivalTimes {

  private final long[] at;
  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicInteger again = new AtomicInteger();

  ArrivalTimes(int size) {
    this.at = new long[size];
  }

  /** This machine's clock, which all processes of a run share: microseconds. */
  public static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  void see(int index, long micros) {
    if (at[index] == 0) {
      at[index] = micros;
      seen.incrementAndGet();
    } else {
      again.incrementAndGet();
    }
  }

  /** How many intents were seen. */
  public int seen() {
    return seen.get();
  }

  /** How many sightings were not the first. */
  public int again() {
    return again.get();
  }

  boolean has(int index) {
    return at[index] != 0;
  }

  /** Since each was due; those that were never seen are left out. Microseconds. */
  public long[] since(long start, Load load) {
    return IntStream.range(0, at.length)
        .filter(this::has)
        .mapToLong(i -> at[i] - start - load.due(i))
        .toArray();
  }

  /** When the last came, microseconds; 0: none. */
  public long last() {
    return Arrays.stream(at).max().orElse(0);
  }
}
