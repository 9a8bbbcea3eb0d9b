package io.countermand.bench.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a load cost Kafka, per intent.
 *
 * @param records by what they are for
 * @param requests that the broker had, by kind, the harness's included
 * @param harnessRequestsPerCancel of these, the harness's own: intents sent, results read twice
 */
public record KafkaCost(
    LogVolume records, SortedMap<String, Double> requests, double harnessRequestsPerCancel) {

  public static KafkaCost of(
      LogVolume records, Map<String, Long> requests, double harnessRequests, int intents) {
    SortedMap<String, Double> each = new TreeMap<>();
    requests.forEach((kind, count) -> each.put(kind, (double) count / intents));
    return new KafkaCost(records, each, harnessRequests / intents);
  }

  /** Data and changelogs; what else there is, {@code records} tells apart. */
  @JsonProperty
  public double recordsPerCancel() {
    return records.recordsPerCancel();
  }

  /** Of all kinds, the harness's included. */
  @JsonProperty
  public double requestsPerCancel() {
    return requests.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
