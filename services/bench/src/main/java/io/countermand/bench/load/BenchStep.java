package io.countermand.bench.load;

import java.time.Duration;

/** One part of a run: something to fill, or a load to measure. */
public sealed interface BenchStep permits Load, StoreFill {

  /** As on the command line. */
  String name();

  /**
   * @param name {@code burst}, {@code burst-terminal}, intents per second, {@code orders-N} or
   *     {@code settled-N}
   * @param lasts of a steady load
   * @throws IllegalArgumentException if there is no such step
   */
  static BenchStep of(String name, Duration lasts) {
    return StoreFill.is(name) ? StoreFill.of(name) : Load.of(name, lasts);
  }
}
