package io.countermand.platform;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic as it must be.
 *
 * @param config what must not be left to the broker's defaults; Kafka's keys and values
 * @param valueType the record on it, under the subject {@code <name>-value}
 */
public record TopicSpec(
    String name,
    int partitions,
    short replication,
    Map<String, String> config,
    Class<? extends SpecificRecord> valueType) {

  public TopicSpec {
    config = Map.copyOf(config);
  }

  /** The schema registry's subject of the values. */
  public String subject() {
    return name + "-value";
  }
}
