package io.countermand.kafka.deadletter;

import io.countermand.events.DeadLetterReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code countermand_dead_letters_total}, by role, topic that was read, and reason. All series are
 * there from the start, so that an alert sees the first dead letter, too. Thread-safe.
 */
public final class DeadLetterCounts {

  private final Map<String, Map<DeadLetterReason, Counter>> byTopic = new HashMap<>();

  /**
   * @param topics that the role reads
   */
  public DeadLetterCounts(MeterRegistry meters, String role, List<String> topics) {
    for (String topic : topics) {
      Map<DeadLetterReason, Counter> byReason = new EnumMap<>(DeadLetterReason.class);
      for (DeadLetterReason reason : DeadLetterReason.values()) {
        byReason.put(
            reason,
            Counter.builder("countermand.dead.letters")
                .description("Records given up on")
                .tags(Tags.of("role", role, "topic", topic, "reason", reason.name()))
                .register(meters));
      }
      byTopic.put(topic, byReason);
    }
  }

  void count(String topic, DeadLetterReason reason) {
    Map<DeadLetterReason, Counter> byReason = byTopic.get(topic);
    Counter counter = byReason == null ? null : byReason.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
