// Over 300 lines: how the role is put together, from its settings to its end.
package io.countermand.desk;

import io.countermand.desk.lane.AttemptRun;
import io.countermand.desk.lane.Breaker;
import io.countermand.desk.lane.LaneGauges;
import io.countermand.desk.lane.LaneMeters;
import io.countermand.desk.lane.Post;
import io.countermand.desk.lane.VenueLane;
import io.countermand.desk.lane.WaitingCalls;
import io.countermand.desk.lane.Warmup;
import io.countermand.desk.pause.SharedPauses;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.desk.settings.RateShare;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.OffsetsCheck;
import io.countermand.kafka.Placement;
import io.countermand.kafka.TopicCheck;
import io.countermand.kafka.store.LateStore;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.OutSerializer;
import io.countermand.kafka.streams.RoleMeters;
import io.countermand.kafka.streams.StreamsRole;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Pause;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desk: keeps the order-state table, decides each intent, and calls the venue itself. Kafka
 * Streams, at-least-once; nothing on this path waits for a transaction of ours, or for another
 * venue.
 *
 * <pre>
 * cancel-intents  ─┐                   ┌─> lane of the venue ══> venue
 * order-events    ─┼─> decide ─────────┼─> cancel-progress   decided, started, replied
 * cancel-outcomes ─┤     │      │      ├─> order-states
 * cancel-retries  ─┘  orders  waiting  └─> dead-letters, and records moved to their right place
 *
 * mass-cancel-commands ─> freeze ─> cancel-intents (one for each order), mass-cancel-progress
 *                      ─> kill switches: cancel-intents for what order-events open later
 * </pre>
 */
public final class Desk implements AutoCloseable {

  /**
   * What a desk without offsets does not read from the first record: it would decide again. Its
   * table, though, is made of all order events.
   */
  public static final List<String> STARTS_ANEW =
      List.of(Topics.INTENTS, Topics.RETRIES, Topics.OUTCOMES, Topics.MASS_COMMANDS);

  static final String ORDERS = "orders";
  static final String WAITING = "waiting-calls";
  static final String PARKED = "parked";
  static final String TENURES = "tenures";
  static final String MASSES = "mass-cancels";
  static final String SWITCHES = "kill-switches";

  /** Of each, Kafka Streams makes a changelog topic. */
  public static final List<String> STORES =
      List.of(ORDERS, WAITING, PARKED, TENURES, MASSES, SWITCHES);

  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final Duration BREAKER_OPEN_FOR = Duration.ofSeconds(2);

  private final DeskSettings settings;
  private final EventSerdes serdes;
  private final Post post;
  private final SharedPauses pauses;
  private final Map<String, VenueLane> lanes;
  private final StreamsRole role;
  private final DeskMeters meters;
  private final RoleMeters gauges;
  private final Warmup warmup;

  private Desk(
      DeskSettings settings,
      EventSerdes serdes,
      Post post,
      SharedPauses pauses,
      Map<String, VenueLane> lanes,
      StreamsRole role,
      DeskMeters meters,
      RoleMeters gauges,
      Warmup warmup) {
    this.settings = settings;
    this.serdes = serdes;
    this.post = post;
    this.pauses = pauses;
    this.lanes = lanes;
    this.role = role;
    this.meters = meters;
    this.gauges = gauges;
    this.warmup = warmup;
  }

  /**
   * Checks that the topics are there, and starts.
   *
   * @param registry for what it counts
   * @throws IllegalStateException if topics are missing or do not fit together, or if offsets are
   *     lost, so that intents would be decided again
   */
  public static Desk start(DeskSettings settings, MeterRegistry registry) {
    int partitions =
        TopicCheck.partitions(
            settings.connection(),
            List.of(
                Topics.INTENTS,
                Topics.ORDER_EVENTS,
                Topics.RETRIES,
                Topics.PROGRESS,
                Topics.OUTCOMES,
                Topics.MASS_COMMANDS),
            List.of(
                Topics.ORDER_STATES,
                Topics.DEAD_LETTERS,
                Topics.PAUSES,
                Topics.MASS_PROGRESS,
                Topics.KILL_SWITCHES));
    Set<Integer> handedOver =
        new OffsetsCheck(settings.connection(), "desk", settings.streams().applicationId()).desk();
    EventSerdes serdes = settings.connection().serdes(settings.streams().schemaFile());
    // after the offsets are there: what is fired or released from now on stands behind them
    var known = new KnownSwitches(settings.connection(), serdes);
    var skew = new ClockSkew();
    var post = new Post(settings.connection(), serdes, skew, "desk");
    SharedPauses pauses =
        SharedPauses.start(
            settings.connection(),
            settings.by(),
            settings.venues().stream()
                .collect(Collectors.toMap(DeskSettings.Venue::name, DeskSettings.Venue::governor)),
            post::durable,
            serdes);
    var gauges = new RoleMeters(registry, "desk", "");
    gauges.disputedIds(serdes::disputedIds);
    post.show(gauges);
    skew.show(gauges, "desk");
    gauges.heldBack(
        () -> Admin.create(settings.connection().admin("desk-ends")),
        List.of(Topics.INTENTS, Topics.RETRIES, Topics.ORDER_EVENTS, Topics.OUTCOMES));
    Map<String, VenueLane> lanes = lanes(settings, post, registry);
    lanes.values().forEach(lane -> LaneGauges.show(gauges, lane));
    var meters =
        new DeskMeters(
            registry, settings.only().isEmpty() ? settings.rules().venues() : settings.only());
    var share = new RateShare(settings.venues(), partitions);
    var sends = new DurableSends(Set.of(Topics.ORDER_STATES));
    StreamsRole role =
        new StreamsRole(
            "desk",
            topology(
                settings,
                serdes,
                new Placement(partitions),
                lanes,
                share,
                sends,
                handedOver,
                known,
                meters),
            settings.streams().properties(settings.connection(), false),
            sends,
            registry,
            List.of(Topics.INTENTS, Topics.RETRIES, Topics.ORDER_EVENTS, Topics.OUTCOMES));
    lanes.values().forEach(VenueLane::start);
    role.start(
        () -> serdes.knowsWhatIsWritten() && known.read(),
        () -> serdes.knowsWhatIsWritten() ? known.lacks() : StreamsRole.NO_SCHEMA_IDS);
    Warmup warmup = Warmup.start(settings, serdes, lanes.values(), post, sends);
    warmup.venues().forEach(venue -> LaneGauges.show(gauges, venue));
    if (!settings.only().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("venues", settings.only())
          .log("serves these venues only; what no desk serves is answered at its deadline");
    }
    return new Desk(settings, serdes, post, pauses, lanes, role, meters, gauges, warmup);
  }

  private static Map<String, VenueLane> lanes(
      DeskSettings settings, Post post, MeterRegistry registry) {
    Map<String, VenueLane> lanes = new LinkedHashMap<>();
    for (DeskSettings.Venue venue : settings.venues()) {
      var meters = new LaneMeters(registry, venue.name());
      var breaker = new Breaker(venue.name(), BREAKER_OPEN_FOR);
      var attempts = new AttemptRun(venue, post, breaker, meters, settings.by(), settings.hops());
      lanes.put(
          venue.name(), new VenueLane(venue, attempts, breaker, meters, settings.mostWaiting()));
    }
    return lanes;
  }

  static Topology topology(
      DeskSettings settings,
      EventSerdes serdes,
      Placement placement,
      Map<String, VenueLane> lanes,
      RateShare share,
      DurableSends sends,
      Set<Integer> handedOver,
      Supplier<List<KillSwitch>> known,
      DeskMeters meters) {
    var bytes = new ByteArrayDeserializer();
    Map<Integer, Queue<WaitingCalls.Handed>> answeredFor = new ConcurrentHashMap<>();
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            "in",
            new IntentsFirst(),
            bytes,
            bytes,
            Topics.INTENTS,
            Topics.RETRIES,
            Topics.ORDER_EVENTS,
            Topics.OUTCOMES,
            Topics.MASS_COMMANDS)
        .addProcessor(
            "decide",
            () ->
                new DeskProcessor(
                    settings,
                    serdes,
                    placement,
                    lanes,
                    share,
                    sends,
                    sends::end,
                    handedOver,
                    known,
                    meters,
                    answeredFor),
            "in")
        .addStateStore(orders(), "decide")
        .addStateStore(stored(WAITING).withCachingDisabled(), "decide")
        .addStateStore(stored(PARKED).withCachingDisabled(), "decide")
        .addStateStore(stored(TENURES).withCachingDisabled(), "decide")
        .addStateStore(stored(MASSES).withCachingDisabled(), "decide")
        .addStateStore(stored(SWITCHES).withCachingDisabled(), "decide")
        .addSink(
            "out",
            (key, out, context) -> out.topic(),
            new ByteArraySerializer(),
            new OutSerializer(serdes),
            (topic, key, out, count) -> Optional.ofNullable(out.partition()).map(Set::of),
            "decide");
  }

  /**
   * Written late: of a decision, the order's end and the outcome heard, what is left at the commit
   * is written, once an order and in one request. It is written before offsets are committed: what
   * a kill takes away is read again, and decided again whatever the table knew. So is what was
   * parked: the parked record goes a commit after the rows that came of it.
   */
  private static StoreBuilder<KeyValueStore<String, byte[]>> orders() {
    return LateStore.builder(ORDERS);
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> stored(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray());
  }

  /** Whether its partitions are assigned and restored, and it is warm as far as it can be. */
  public boolean ready() {
    return role.ready() && warmup.missing().isEmpty();
  }

  /** Whether it has given up for good. */
  public boolean failed() {
    return role.failed();
  }

  /**
   * What it lacks; empty: ready. A venue that is not warm is missing for some seconds after the
   * start and no longer. One that merely asks to wait is not missing. Nor is one that refused its
   * credential, as long as another takes cancels: it must not keep the whole desk out of service;
   * its metric and its log line tell.
   */
  public List<String> missing() {
    List<String> missing = new ArrayList<>(role.missing());
    missing.addAll(warmup.missing());
    List<String> refused = new ArrayList<>();
    for (DeskSettings.Venue venue : settings.venues()) {
      venue
          .governor()
          .paused()
          .filter(pause -> REFUSED.contains(pause.cause()))
          .ifPresent(pause -> refused.add(told(venue, pause)));
    }
    if (refused.size() == settings.venues().size()) {
      missing.addAll(refused);
    }
    return missing;
  }

  private static String told(DeskSettings.Venue venue, Pause pause) {
    return "venue "
        + venue.name()
        + " "
        + pause.cause()
        + ", no call before "
        + pause.until()
        + ": "
        + pause.text();
  }

  private static final Set<Pause.Cause> REFUSED =
      Set.of(Pause.Cause.UNAUTHORIZED, Pause.Cause.LOCKED_OUT);

  public StreamsRole role() {
    return role;
  }

  /**
   * Begins no more calls and waits for those under way, within the drain time; then gives its
   * partitions back. What is decided meanwhile is kept for their next owner.
   */
  @Override
  public void close() {
    long end = System.nanoTime() + settings.drain().toNanos();
    warmup.close();
    lanes.values().forEach(VenueLane::close);
    boolean drained = true;
    try {
      for (VenueLane lane : lanes.values()) {
        drained &= lane.drained(end);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    role.close();
    gauges.close();
    meters.close();
    pauses.close();
    post.close();
    settings.venues().forEach(venue -> venue.adapter().close());
    serdes.close();
    LOG.atInfo().addKeyValue("drained", drained).log("desk stopped");
  }
}
