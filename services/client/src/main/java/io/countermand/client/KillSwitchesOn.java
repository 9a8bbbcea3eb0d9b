package io.countermand.client;

import io.countermand.events.KillSwitch;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The kill switches that are on: an order in the scope of one would be cancelled at once. Ask
 * before you place it. Immutable.
 *
 * @param on in the order in which they were fired
 * @param unreadable records that cannot be read: a kill switch may be on that is not among these
 *     (see {@code countermand kill list}). Empty unless something is broken
 */
public record KillSwitchesOn(List<KillSwitch> on, List<EventStream.Unreadable> unreadable) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * As they stand in Kafka now. Takes some 100 ms.
   *
   * @throws ClientException if they cannot be read
   */
  public static KillSwitchesOn read(Connection connection) {
    Map<String, KillSwitch> all = new LinkedHashMap<>();
    List<EventStream.Unreadable> unreadable = new ArrayList<>();
    Map<Integer, Long> end = end(connection);
    try (EventStream<KillSwitch> stream =
        EventStream.of(connection, Topics.KILL_SWITCHES, KillSwitch.class)
            .fromBeginning()
            .onUnreadable(unreadable::add)
            .open()) {
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (!reached(stream.positions(), end)) {
        if (System.nanoTime() - until > 0) {
          throw new ClientException(
              Problem.KAFKA_UNREACHABLE,
              "reading kill switches: the end of "
                  + Topics.KILL_SWITCHES
                  + " was not reached in "
                  + PATIENCE.toSeconds()
                  + " s; check the brokers, then try again",
              null);
        }
        stream
            .poll(Duration.ofMillis(200))
            .forEach(each -> all.put(each.value().getMass().getMassId(), each.value()));
      }
    }
    return new KillSwitchesOn(
        all.values().stream().filter(one -> one.getReleased() == null).toList(),
        List.copyOf(unreadable));
  }

  /**
   * Of what is committed, or may be yet: a fire whose report the caller has read may stand in a
   * transaction that is being committed still.
   */
  private static Map<Integer, Long> end(Connection connection) {
    Properties settings = connection.consumer("kill-switches");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Map<Integer, Long> end = new HashMap<>();
      consumer
          .endOffsets(
              ConnectionProbe.partitions(consumer, Topics.KILL_SWITCHES, Duration.ofSeconds(15))
                  .stream()
                  .map(each -> new TopicPartition(Topics.KILL_SWITCHES, each))
                  .toList())
          .forEach((partition, offset) -> end.put(partition.partition(), offset));
      return end;
    } catch (KafkaException e) {
      throw ClientException.of("reading kill switches", e);
    }
  }

  private static boolean reached(Positions at, Map<Integer, Long> end) {
    return end.entrySet().stream()
        .allMatch(each -> at.next().getOrDefault(each.getKey(), 0L) >= each.getValue());
  }
}
