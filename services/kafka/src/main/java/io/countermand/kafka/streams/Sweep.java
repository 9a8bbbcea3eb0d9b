package io.countermand.kafka.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a store, slice by slice and round after round, and drops what is old. As slowly as
 * will do: reading stores round and round was a third of what a role allocates, and Kafka Streams
 * commits a task each time it is called. Nothing is kept in memory but where it stopped.
 *
 * <p>For the task's own thread only; called by an {@link Alarm}.
 */
public final class Sweep {

  /**
   * A round lasts this part of the time that things are kept for, so they are kept hardly longer.
   */
  private static final int ROUNDS = 10;

  private static final Duration LEAST = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofSeconds(30);

  private final KeyValueStore<String, byte[]> store;
  private final int slice;
  private final Duration keep;
  private final @Nullable String first;
  private @Nullable String cursor;

  /**
   * @param slice how many entries are looked at at once, at least 1
   * @param keep how long things are kept at the least
   */
  public Sweep(KeyValueStore<String, byte[]> store, int slice, Duration keep) {
    this(store, slice, keep, null);
  }

  /**
   * @param first the first key that is looked at; null: the store's first
   */
  public Sweep(
      KeyValueStore<String, byte[]> store, int slice, Duration keep, @Nullable String first) {
    this.first = first;
    this.store = store;
    this.slice = slice;
    this.keep = keep;
  }

  /**
   * Looks at the next slice.
   *
   * @param old which values to drop
   * @param dropped hears each key that is gone
   * @return when to look at the one after it
   */
  public Instant next(Instant now, Predicate<byte[]> old, Consumer<String> dropped) {
    return shrink(now, value -> old.test(value) ? null : value, dropped);
  }

  /** What is to be left of a value: null: nothing; an equal one: it stays as it is. */
  @FunctionalInterface
  public interface Left {
    byte @Nullable [] of(byte[] value);
  }

  /**
   * Looks at the next slice.
   *
   * @param left what stays of each value
   * @param changed hears each key that is gone, or has another value
   * @return when to look at the one after it
   */
  public Instant shrink(Instant now, Left left, Consumer<String> changed) {
    Map<String, byte @Nullable []> changes = new LinkedHashMap<>();
    int seen = 0;
    String last = null;
    try (KeyValueIterator<String, byte[]> entries =
        store.range(cursor == null ? first : cursor, null)) {
      while (entries.hasNext() && seen++ < slice) {
        KeyValue<String, byte[]> entry = entries.next();
        last = entry.key;
        byte[] stays = left.of(entry.value);
        if (!Arrays.equals(stays, entry.value)) {
          changes.put(entry.key, stays);
        }
      }
      cursor = entries.hasNext() ? last : null;
    }
    changes.forEach(
        (key, stays) -> {
          store.put(key, stays);
          changed.accept(key);
        });
    return now.plus(pause(store.approximateNumEntries(), slice, keep));
  }

  /**
   * Never more than 30 s, and less than 200 ms only if things are kept for less than two seconds.
   */
  static Duration pause(long entries, int slice, Duration keep) {
    Duration round = keep.dividedBy(ROUNDS);
    Duration even = round.dividedBy(entries / slice + 1);
    return min(max(even, min(LEAST, round)), MOST);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
