package io.countermand.worker;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Reads a Kafka client's own metrics. */
final class Gauges {

  private Gauges() {}

  /** Whether a metric of that name is there and above zero. */
  static boolean positive(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.values().stream()
        .anyMatch(
            metric ->
                metric.metricName().name().equals(name)
                    && metric.metricValue() instanceof Number number
                    && number.doubleValue() > 0);
  }
}
