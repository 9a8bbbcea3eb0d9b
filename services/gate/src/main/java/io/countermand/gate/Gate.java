package io.countermand.gate;

import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.OutSerializer;
import io.countermand.kafka.Placement;
import io.countermand.kafka.StreamsRole;
import io.countermand.kafka.TopicCheck;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The gate: folds order events into the order-state table, checks each intent against it, and
 * routes, joins or refuses. Kafka Streams, at-least-once; nothing on this path waits for a
 * transaction.
 *
 * <pre>
 * cancel-intents  ─┐             ┌─> cancel-requests.&lt;venue&gt;
 * order-events    ─┼─> decide ───┼─> cancel-progress
 * cancel-outcomes ─┘     │       ├─> order-states
 *                     orders     └─> dead-letters, and records moved to their right place
 * </pre>
 */
public final class Gate implements AutoCloseable {

  static final String STORE = "orders";

  private final EventSerdes serdes;
  private final StreamsRole role;
  private final GateMeters meters;

  private Gate(EventSerdes serdes, StreamsRole role, GateMeters meters) {
    this.serdes = serdes;
    this.role = role;
    this.meters = meters;
  }

  /**
   * Checks that the topics are there, and starts.
   *
   * @param registry for what it counts
   * @throws IllegalStateException if topics are missing or do not fit together
   */
  public static Gate start(GateSettings settings, MeterRegistry registry) {
    List<String> others = new ArrayList<>(List.of(Topics.ORDER_STATES, Topics.DEAD_LETTERS));
    settings.rules().venues().forEach(venue -> others.add(Topics.requests(venue)));
    int partitions =
        TopicCheck.partitions(
            settings.connection(),
            List.of(Topics.INTENTS, Topics.ORDER_EVENTS, Topics.PROGRESS, Topics.OUTCOMES),
            others);
    EventSerdes serdes = settings.connection().serdes();
    var meters = new GateMeters(registry, settings.rules().venues());
    StreamsRole role =
        new StreamsRole(
            "gate",
            topology(settings, serdes, new Placement(partitions), meters),
            settings.streams().properties(settings.connection(), false),
            registry,
            List.of(Topics.INTENTS, Topics.ORDER_EVENTS, Topics.OUTCOMES));
    role.start();
    return new Gate(serdes, role, meters);
  }

  static Topology topology(
      GateSettings settings, EventSerdes serdes, Placement placement, GateMeters meters) {
    var bytes = new ByteArrayDeserializer();
    return new Topology()
        .addSource("in", bytes, bytes, Topics.INTENTS, Topics.ORDER_EVENTS, Topics.OUTCOMES)
        .addProcessor("decide", () -> new GateProcessor(settings, serdes, placement, meters), "in")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray()),
            "decide")
        .addSink(
            "out",
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            new OutSerializer(serdes),
            "decide");
  }

  public StreamsRole role() {
    return role;
  }

  @Override
  public void close() {
    role.close();
    meters.close();
    serdes.close();
  }
}
