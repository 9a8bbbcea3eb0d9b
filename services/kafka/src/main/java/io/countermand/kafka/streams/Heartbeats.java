package io.countermand.kafka.streams;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Whether a client is in touch with the coordinator of its group. A Streams app or a consumer that
 * has lost its brokers goes on saying that it runs.
 */
public final class Heartbeats {

  /** Past the session's time-out of 6 s, after which others may have taken over. */
  private static final double TOO_LONG_SECONDS = 10;

  private Heartbeats() {}

  /** What is missing; empty: nothing, or no heartbeat was due yet. Any thread. */
  public static Optional<String> missing(Map<MetricName, ? extends Metric> client) {
    double longest = 0;
    for (Metric metric : client.values()) {
      if (metric.metricName().name().equals("last-heartbeat-seconds-ago")
          && metric.metricValue() instanceof Number seconds) {
        longest = Math.max(longest, seconds.doubleValue());
      }
    }
    return longest > TOO_LONG_SECONDS
        ? Optional.of("no heartbeat to the group's coordinator for " + (long) longest + " s")
        : Optional.empty();
  }
}
