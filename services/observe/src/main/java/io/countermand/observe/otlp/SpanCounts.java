package io.countermand.observe.otlp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of spans; zeros where nothing is exported. Thread-safe. */
public final class SpanCounts {

  private final Counter exported;
  private final Counter dropped;
  private final Counter failed;

  public SpanCounts(MeterRegistry registry) {
    this.exported = counter(registry, "exported");
    this.dropped = counter(registry, "dropped");
    this.failed = counter(registry, "failed");
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("countermand.trace.spans")
        .tag("result", result)
        .description("exported; dropped: too many waited; failed: the collector did not take them")
        .register(registry);
  }

  void exported(int spans) {
    exported.increment(spans);
  }

  void dropped() {
    dropped.increment();
  }

  void failed(int spans) {
    failed.increment(spans);
  }
}
