package io.countermand.bench.measure;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** How many requests a Kafka client has sent, by its own meter. */
public final class ClientRequests {

  private static final Set<String> GROUPS =
      Set.of("producer-metrics", "consumer-metrics", "admin-client-metrics");

  private ClientRequests() {}

  public static double of(Map<MetricName, ? extends Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("request-total"))
        .filter(metric -> GROUPS.contains(metric.getKey().group()))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .sum();
  }
}
