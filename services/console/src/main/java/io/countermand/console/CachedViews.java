package io.countermand.console;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What many pages look at, made once for all of them and kept for a while. Thread-safe: who asks
 * while it is made waits for it.
 *
 * @param <K> few different ones; each is kept
 */
final class CachedViews<K, V> {

  private final Map<K, Made<V>> made = new ConcurrentHashMap<>();
  private final Function<K, V> make;
  private final long nanos;
  private final LongSupplier clock;

  private record Made<V>(V what, long at) {}

  /**
   * @param age how old it may be
   */
  CachedViews(Function<K, V> make, Duration age) {
    this(make, age, System::nanoTime);
  }

  /**
   * @param clock nanoseconds
   */
  CachedViews(Function<K, V> make, Duration age, LongSupplier clock) {
    this.make = make;
    this.nanos = age.toNanos();
    this.clock = clock;
  }

  V get(K key) {
    return made.compute(
            key,
            (_, last) ->
                last != null && clock.getAsLong() - last.at() < nanos
                    ? last
                    : new Made<>(make.apply(key), clock.getAsLong()))
        .what();
  }
}
