package io.countermand.desk;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.countermand.desk.lane.VenueLane;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.desk.settings.RateShare;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The desk's own topology over a registry that the test gives, with one partition, the test's lanes
 * if any, and a clock of the test's.
 */
final class DeskDriver implements AutoCloseable {

  static final String VENUE = "v";

  private final EventSerdes serdes;
  private final Map<String, VenueLane> lanes;
  private final SimpleMeterRegistry registered = new SimpleMeterRegistry();
  final DeskMeters meters;
  final DeskSettings settings;
  final TopologyTestDriver driver;

  /**
   * @param partitions as the desk believes; records are read from partition 0
   */
  DeskDriver(Path state, SchemaRegistryClient registry, int partitions) {
    this(state, registry, partitions, Map.of(), List.of());
  }

  /**
   * @param lanes by venue
   * @param known kill switches as the desk found them when it started
   */
  DeskDriver(
      Path state,
      SchemaRegistryClient registry,
      int partitions,
      Map<String, VenueLane> lanes,
      List<KillSwitch> known) {
    this.lanes = lanes;
    var connection = new KafkaConnection("unused:1", "http://unused:1", "test", Map.of(), Map.of());
    settings =
        new DeskSettings(
            connection,
            new StreamsSettings("desk", state, 1, 0, 1, Duration.ofMillis(500)),
            new IntentCheck(Duration.ofSeconds(10), Duration.ofMinutes(1)),
            new DeskRules(Set.of(VENUE), Duration.ofSeconds(5)),
            Duration.ofHours(1),
            Duration.ofHours(48),
            List.of(),
            Set.of(),
            100,
            Duration.ofSeconds(1));
    serdes = new EventSerdes(registry, Map.of("auto.register.schemas", true), Runnable::run);
    meters = new DeskMeters(registered, Set.of(VENUE));
    driver =
        new TopologyTestDriver(
            Desk.topology(
                settings,
                serdes,
                new Placement(partitions),
                lanes,
                new RateShare(List.of(), 1),
                new DurableSends(),
                Set.of(),
                () -> known,
                meters),
            settings.streams().properties(connection, false),
            Instant.now());
  }

  /** As this build writes it. */
  byte[] bytes(String topic, SpecificRecord value) {
    return serdes.serializer(SpecificRecord.class).serialize(topic, value);
  }

  void read(String topic, byte[] key, byte[] value) {
    read(topic, key, value, new RecordHeaders());
  }

  void read(String topic, byte[] key, byte[] value, Headers headers) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key, value, headers, Instant.now()));
  }

  /**
   * A task that begins over the stores as this one left them, and with nothing in memory.
   *
   * @param context what it writes is forwarded there
   */
  DeskProcessor next(MockProcessorContext<byte[], OutputRecord> context) {
    return next(context, (_, _, then) -> then.accept(0), store -> store);
  }

  /**
   * The same, with a backlog.
   *
   * @param ends of what it has to read
   * @param store what the task is given in the place of each
   */
  DeskProcessor next(
      MockProcessorContext<byte[], OutputRecord> context,
      Backlog.Ends ends,
      UnaryOperator<KeyValueStore<String, byte[]>> store) {
    for (String name : Desk.STORES) {
      context.addStateStore(store.apply(driver.getKeyValueStore(name)));
    }
    context.setCurrentSystemTimeMs(Instant.now().toEpochMilli());
    var next =
        new DeskProcessor(
            settings,
            serdes,
            new Placement(1),
            lanes,
            new RateShare(List.of(), 1),
            new DurableSends(),
            ends,
            Set.of(),
            List::of,
            meters,
            new ConcurrentHashMap<>());
    next.init(context);
    return next;
  }

  /** What was written since it was asked last. */
  List<TestRecord<byte[], byte[]>> written(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  <T extends SpecificRecord> List<T> written(String topic, Class<T> type) {
    return written(topic).stream()
        .map(record -> serdes.deserializer(type).deserialize(topic, record.value()))
        .toList();
  }

  /** All that it may write for a record that it reads. */
  List<TestRecord<byte[], byte[]>> writtenAnywhere() {
    return List.of(
            Topics.INTENTS,
            Topics.ORDER_EVENTS,
            Topics.ORDER_STATES,
            Topics.PROGRESS,
            Topics.DEAD_LETTERS)
        .stream()
        .flatMap(topic -> written(topic).stream())
        .toList();
  }

  /** What a counter of the test's venue says. */
  double counted(String name) {
    return registered.get(name).tag("venue", VENUE).counter().count();
  }

  @Override
  public void close() {
    driver.close();
    meters.close();
    serdes.close();
  }
}
