package io.countermand.ledger;

import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.OffsetsCheck;
import io.countermand.kafka.Placement;
import io.countermand.kafka.TopicCheck;
import io.countermand.kafka.store.LateStore;
import io.countermand.kafka.streams.OutSerializer;
import io.countermand.kafka.streams.PacedConsumers;
import io.countermand.kafka.streams.RoleMeters;
import io.countermand.kafka.streams.StreamsRole;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The ledger: owns each cancel from intent to outcome. Kafka Streams, exactly-once: state,
 * outcomes, requests and offsets are one transaction.
 *
 * <pre>
 * cancel-intents  ─┐               ┌─> cancel-outcomes
 * cancel-progress ─┼─> lifecycle ──┼─> outcome-findings  what came after an outcome
 * order-events    ─┘    │     │    ├─> cancel-retries
 *                    orders settled├─> order-events      what a reply proved
 *                                  ├─> cancel-progress   timers, read back in order
 *                                  └─> dead-letters
 *
 * mass-cancels         ─┐         ┌─> mass-cancel-commands  in every partition
 * mass-cancel-progress ─┴─> sum ──┴─> mass-cancel-reports
 *
 * heartbeats ──> dead-man's switches ─┬─> mass-cancels
 *                                     └─> heartbeats  ticks, read back in order
 * </pre>
 */
public final class Ledger implements AutoCloseable {

  /** How long it lets come together what it reads. */
  private static final Duration PACE = Duration.ofMillis(10);

  static final String ORDERS = "ledger-orders";
  static final String SETTLED = "ledger-settled";
  static final String PARKED = "ledger-parked";
  static final String MASSES = "ledger-masses";
  static final String MASSES_PARKED = "ledger-masses-parked";

  static final String HEARTBEATS = "ledger-heartbeats";
  static final String HEARTBEATS_PARKED = "ledger-heartbeats-parked";

  /** Of each, Kafka Streams makes a changelog topic. */
  public static final List<String> STORES =
      List.of(ORDERS, SETTLED, PARKED, MASSES, MASSES_PARKED, HEARTBEATS, HEARTBEATS_PARKED);

  /** Where the part for mass cancels writes. */
  static final String MASS_OUT = "mass-out";

  static final String SPREAD = "mass-spread";

  /** What it reads. */
  public static final List<String> SOURCES =
      List.of(Topics.INTENTS, Topics.PROGRESS, Topics.ORDER_EVENTS);

  private final EventSerdes serdes;
  private final StreamsRole role;
  private final LedgerMeters meters;
  private final RoleMeters gauges;

  private Ledger(EventSerdes serdes, StreamsRole role, LedgerMeters meters, RoleMeters gauges) {
    this.serdes = serdes;
    this.role = role;
    this.meters = meters;
    this.gauges = gauges;
  }

  /**
   * Checks that the topics are there, and starts.
   *
   * @param registry for what it counts
   * @throws IllegalStateException if topics are missing or do not fit together, or if offsets and
   *     stores are lost, so that cancels would get second outcomes
   */
  public static Ledger start(LedgerSettings settings, MeterRegistry registry) {
    int partitions =
        TopicCheck.partitions(
            settings.connection(),
            List.of(
                Topics.INTENTS,
                Topics.ORDER_EVENTS,
                Topics.RETRIES,
                Topics.PROGRESS,
                Topics.OUTCOMES,
                Topics.FINDINGS,
                Topics.MASS_COMMANDS),
            List.of(
                Topics.DEAD_LETTERS,
                Topics.MASS_CANCELS,
                Topics.MASS_PROGRESS,
                Topics.MASS_REPORTS,
                Topics.KILL_SWITCHES,
                Topics.HEARTBEATS));
    Map<Integer, Long> startsAt =
        new OffsetsCheck(settings.connection(), "ledger", settings.streams().applicationId())
            .ledger(SOURCES, ORDERS);
    EventSerdes serdes = settings.connection().serdes(settings.streams().schemaFile());
    var meters = new LedgerMeters(registry, settings, InstantSource.system());
    StreamsRole role =
        new StreamsRole(
            "ledger",
            deadMan(
                masses(
                    topology(settings, serdes, new Placement(partitions), meters, startsAt),
                    settings,
                    serdes,
                    partitions,
                    meters),
                settings,
                serdes,
                meters),
            settings.streams().properties(settings.connection(), true),
            new PacedConsumers(PACE),
            registry,
            SOURCES);
    role.start(serdes::knowsWhatIsWritten, () -> StreamsRole.NO_SCHEMA_IDS);
    var gauges =
        new RoleMeters(registry, "ledger", "")
            .disputedIds(serdes::disputedIds)
            .heldBack(
                () -> Admin.create(settings.connection().admin("ledger-ends")),
                List.of(Topics.INTENTS, Topics.PROGRESS, Topics.ORDER_EVENTS));
    return new Ledger(serdes, role, meters, gauges);
  }

  static Topology topology(
      LedgerSettings settings, EventSerdes serdes, Placement placement, LedgerMeters meters) {
    return topology(settings, serdes, placement, meters, Map.of());
  }

  /**
   * @param startsAt by partition: the first intent to be read, where somebody said to go on without
   *     what was lost
   */
  private static Topology topology(
      LedgerSettings settings,
      EventSerdes serdes,
      Placement placement,
      LedgerMeters meters,
      Map<Integer, Long> startsAt) {
    var bytes = new ByteArrayDeserializer();
    return new Topology()
        .addSource("in", bytes, bytes, SOURCES.toArray(String[]::new))
        .addProcessor(
            "lifecycle",
            () -> new LedgerProcessor(settings, serdes, placement, meters, startsAt),
            "in")
        .addStateStore(orders(), "lifecycle")
        .addStateStore(settled(), "lifecycle")
        .addStateStore(stored(PARKED).withCachingDisabled(), "lifecycle")
        .addSink(
            "out",
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            new OutSerializer(serdes),
            "lifecycle");
  }

  /** A part of its own: one task, which all others tell of their orders' outcomes. */
  static Topology masses(
      Topology topology,
      LedgerSettings settings,
      EventSerdes serdes,
      int partitions,
      LedgerMeters meters) {
    var bytes = new ByteArrayDeserializer();
    return topology
        .addSource("mass-in", bytes, bytes, Topics.MASS_CANCELS, Topics.MASS_PROGRESS)
        .addProcessor(
            "masses", () -> new MassProcessor(settings, serdes, partitions, meters), "mass-in")
        .addStateStore(stored(MASSES).withCachingEnabled(), "masses")
        .addStateStore(stored(MASSES_PARKED).withCachingDisabled(), "masses")
        .addSink(
            MASS_OUT,
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            new OutSerializer(serdes),
            "masses")
        .addSink(
            SPREAD,
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            new OutSerializer(serdes),
            (topic, key, out, count) -> Optional.of(Set.of(MassProcessor.partition(key))),
            "masses");
  }

  /** A part of its own: it waits for no mass cancel, and its ticks commit nothing else. */
  static Topology deadMan(
      Topology topology, LedgerSettings settings, EventSerdes serdes, LedgerMeters meters) {
    var bytes = new ByteArrayDeserializer();
    return topology
        .addSource("heartbeats-in", bytes, bytes, Topics.HEARTBEATS)
        .addProcessor(
            "dead-man", () -> new DeadManProcessor(settings, serdes, meters), "heartbeats-in")
        .addStateStore(stored(HEARTBEATS).withCachingEnabled(), "dead-man")
        .addStateStore(stored(HEARTBEATS_PARKED).withCachingDisabled(), "dead-man")
        .addSink(
            "heartbeats-out",
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            new OutSerializer(serdes),
            (topic, key, out, count) -> Optional.ofNullable(out.partition()).map(Set::of),
            "dead-man");
  }

  /**
   * Written late: a cancel's page changes half a dozen times, mostly within one transaction; and
   * what goes to the changelogs goes there in one request at its end, instead of in many on the
   * way.
   */
  private static StoreBuilder<KeyValueStore<String, byte[]>> orders() {
    return LateStore.builder(ORDERS);
  }

  /** Those that are in no page any more. Not cached: each is written once. */
  private static StoreBuilder<KeyValueStore<String, byte[]>> settled() {
    return stored(SETTLED).withCachingDisabled();
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> stored(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray());
  }

  public StreamsRole role() {
    return role;
  }

  @Override
  public void close() {
    role.close();
    gauges.close();
    meters.close();
    serdes.close();
  }
}
