package io.countermand.app.tracing;

import io.countermand.app.config.Config;
import io.countermand.kafka.trace.Hops;
import io.countermand.observe.otlp.SpanCounts;
import io.micrometer.core.instrument.MeterRegistry;

/** Where this process's spans go; nowhere, and nothing of OpenTelemetry is loaded, by default. */
public final class Tracing implements AutoCloseable {

  private final Hops hops;
  private final Runnable end;

  private Tracing(Hops hops, Runnable end) {
    this.hops = hops;
    this.end = end;
  }

  /**
   * As the configuration says.
   *
   * @throws IllegalStateException if the headers or certificates that it names cannot be read
   */
  public static Tracing open(Config config, MeterRegistry meters) {
    var counts = new SpanCounts(meters);
    return config.tracing().endpoint() == null
        ? new Tracing(Hops.NONE, () -> {})
        : Export.open(config, counts);
  }

  static Tracing of(Hops hops, Runnable end) {
    return new Tracing(hops, end);
  }

  /** Hears of sampled traces. */
  public Hops hops() {
    return hops;
  }

  /** Sends what waits, within the time of one export; after the roles. */
  @Override
  public void close() {
    end.run();
  }
}
