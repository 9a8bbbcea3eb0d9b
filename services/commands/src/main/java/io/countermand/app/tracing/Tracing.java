package io.countermand.app.tracing;

import io.countermand.app.config.Config;
import io.countermand.kafka.trace.Hops;
import io.countermand.observe.otlp.SpanCounts;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this process's spans go; nowhere, and nothing of OpenTelemetry is loaded, by default. */
public final class Tracing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

  private final Hops hops;
  private final Runnable end;

  private Tracing(Hops hops, Runnable end) {
    this.hops = hops;
    this.end = end;
  }

  /**
   * As the configuration says. Headers or certificates that cannot be read keep nobody from
   * cancelling: nothing is exported then, and the log says why.
   */
  public static Tracing open(Config config, MeterRegistry meters) {
    var counts = new SpanCounts(meters);
    if (config.tracing().endpoint() == null) {
      return none();
    }
    try {
      return Export.open(config, counts);
    } catch (IllegalArgumentException | IllegalStateException e) {
      LOG.atError()
          .addKeyValue("why", e.getMessage())
          .log("no spans are exported: mend tracing.otlp, `config check` looks at it, start anew");
      return none();
    }
  }

  private static Tracing none() {
    return new Tracing(Hops.NONE, () -> {});
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
