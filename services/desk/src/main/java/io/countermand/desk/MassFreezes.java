package io.countermand.desk;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.MassCodec;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.TraceContext;
import io.countermand.domain.mass.Freeze;
import io.countermand.domain.mass.FreezeSteps;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mass cancels in one task: freezes its part of the scope, and gives each order in it a cancel. In
 * this order, each step durable before the next:
 *
 * <pre>
 * command read ─> kept in the store, end of the order events asked for
 *              ─> an intent for each order in scope that is open now
 *              ─> once the order events are read up to that end: intents for those that they opened
 *              ─> the scope is told, as the list of all these orders
 *              ─> dropped from the store
 * </pre>
 *
 * A scope that is told has an intent for each order, so each has its outcome. Killed before the
 * last step, the next owner begins anew: each order's cancel is the same one, and the scope is the
 * union. For the task's own thread.
 */
final class MassFreezes {

  private static final Logger LOG = LoggerFactory.getLogger(MassFreezes.class);

  /** Keys in one record: half a megabyte, as long as keys may be (2,306 bytes). */
  private static final int CHUNK = 200;

  /**
   * Intents a step: some milliseconds. The first ones are called before the last ones are written,
   * and cancels of other orders need not wait for all of them.
   */
  private static final int SLICE = 250;

  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  private static final class Run {

    private final Freeze freeze;
    private final Evidence command;
    private final @Nullable TraceContext trace;
    private final AtomicInteger unsure = new AtomicInteger();

    /** In scope, and without an intent yet. */
    private final Deque<OrderRef> taken = new ArrayDeque<>();

    private final FreezeSteps steps = new FreezeSteps();

    /** Where the order events ended when the command was read; -1: not known yet. */
    private volatile long end = -1;

    private Instant askAgain = Instant.MIN;

    Run(Freeze freeze, Evidence command, @Nullable TraceContext trace) {
      this.trace = trace;
      this.freeze = freeze;
      this.command = command;
    }
  }

  private final DeskSettings settings;
  private final KeyValueStore<String, byte[]> store;
  private final OpenOrders open;
  private final DurableSends sends;
  private final Outbox out;
  private final int partition;
  private final BooleanSupplier eventsParked;
  private final BiPredicate<MassCancel, Instant> over;
  private final Map<String, Run> runs = new LinkedHashMap<>();

  /** The last order event that this task, or one before it, read; -1: none. */
  private long lastEvent;

  /**
   * @param store as an earlier owner left it
   * @param eventsParked whether order events were read that say nothing yet
   * @param over whether one takes no more orders; asked from the first step on
   */
  MassFreezes(
      DeskSettings settings,
      KeyValueStore<String, byte[]> store,
      OpenOrders open,
      DurableSends sends,
      Outbox out,
      int partition,
      BooleanSupplier eventsParked,
      BiPredicate<MassCancel, Instant> over) {
    this.over = over;
    this.eventsParked = eventsParked;
    this.settings = settings;
    this.store = store;
    this.open = open;
    this.sends = sends;
    this.out = out;
    this.partition = partition;
    long begins = sends.committed(Topics.ORDER_EVENTS, partition);
    this.lastEvent = begins == Long.MAX_VALUE ? -1 : begins - 1;
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(
          kept -> {
            ByteBuffer bytes = ByteBuffer.wrap(kept.value);
            var command = new Evidence(Topics.MASS_COMMANDS, partition, bytes.getLong());
            begin(MassCodec.mass(bytes), command, null); // nor is its trace kept
          });
    }
  }

  /**
   * A mass cancel as the ledger took it.
   *
   * @param trace its orders' cancels are in it, those that an owner after this one adds are not;
   *     null: none
   */
  void command(MassCancel mass, Evidence at, @Nullable TraceContext trace) {
    byte[] bytes = MassCodec.bytes(mass);
    store.put(
        mass.massId(),
        ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(at.offset()).put(bytes).array());
    begin(mass, at, trace);
    LOG.atWarn()
        .addKeyValue("massId", mass.massId())
        .addKeyValue("scope", mass.scope().words())
        .addKeyValue("partition", partition)
        .log("mass cancel");
    step(Instant.now());
  }

  private void begin(MassCancel mass, Evidence command, @Nullable TraceContext trace) {
    runs.put(mass.massId(), new Run(new Freeze(mass, settings.closing()), command, trace));
  }

  /** The task has read this order event, whoever it is for. */
  void eventRead(long offset) {
    lastEvent = offset;
  }

  /** Whether some are under way. */
  boolean any() {
    return !runs.isEmpty();
  }

  /** Whether this one is. */
  boolean has(String massId) {
    return runs.containsKey(massId);
  }

  /** Whether it needs to look at the table no more; true also of one that is not under way. */
  boolean looked(String massId) {
    Run run = runs.get(massId);
    return run == null || run.steps.whole();
  }

  /** Goes on as far as it can. */
  void step(Instant now) {
    runs.values().removeIf(run -> ended(run, now));
  }

  private boolean ended(Run run, Instant now) {
    MassCancel mass = run.freeze.mass();
    boolean read = hasRead(run, now);
    cancel(run);
    while (true) {
      boolean durable = run.taken.isEmpty() && run.unsure.get() == 0;
      switch (run.steps.next(over.test(mass, now), read, durable)) {
        case CANCEL -> {
          run.taken.addAll(open.take(run.freeze));
          cancel(run);
        }
        case TELL -> tell(run, now);
        case DROP -> {
          store.delete(mass.massId());
          return true;
        }
        case WAIT -> {
          return false;
        }
      }
    }
  }

  /**
   * Whether the order events that were there when the command was read were read, too, and
   * understood. What an open transaction holds back is there.
   */
  private boolean hasRead(Run run, Instant now) {
    if (run.end < 0 && !now.isBefore(run.askAgain)) {
      run.askAgain = now.plus(ASK_AGAIN);
      sends.end(Topics.ORDER_EVENTS, partition, end -> run.end = end);
    }
    if (run.end < 0 || eventsParked.getAsBoolean()) {
      return false;
    }
    try {
      return sends.hasRead(Topics.ORDER_EVENTS, partition, run.end, lastEvent);
    } catch (KafkaException e) {
      return false; // cannot be asked now
    }
  }

  private void cancel(Run run) {
    for (int i = 0; i < SLICE && !run.taken.isEmpty(); i++) {
      OrderRef order = run.taken.remove();
      send(
          run,
          Topics.INTENTS,
          order.key(),
          IntentCodec.toAvro(MassIntents.intent(run.freeze.mass(), order)));
    }
  }

  private void tell(Run run, Instant now) {
    List<String> orders = run.freeze.mass().dryRun() ? List.of() : run.freeze.orders();
    for (int from = 0; from == 0 || from < orders.size(); from += CHUNK) {
      boolean last = from + CHUNK >= orders.size();
      var part =
          new MassPart.Frozen(
              partition,
              settings.served(),
              orders.subList(from, Math.min(orders.size(), from + CHUNK)),
              last,
              last ? run.freeze.accounts() : List.of(),
              last
                  ? List.of(run.command, new Evidence(Topics.ORDER_EVENTS, partition, readTo(run)))
                  : List.of(),
              run.steps.late());
      String massId = run.freeze.mass().massId();
      send(run, Topics.MASS_PROGRESS, massId, MassCodec.toAvro(massId, part, now, settings.by()));
    }
  }

  private long readTo(Run run) {
    return run.steps.late() ? lastEvent + 1 : Math.max(lastEvent + 1, run.end);
  }

  private void send(Run run, String topic, String key, SpecificRecord value) {
    run.unsure.incrementAndGet();
    sends.send(
        () -> out.send(topic, key, value, topic.equals(Topics.INTENTS) ? run.trace : null),
        new DurableSends.Then() {
          @Override
          public void durable(Instant appended, Evidence at) {
            run.unsure.decrementAndGet();
          }

          @Override
          public void failed() {
            // the thread ends, and the task begins anew with what is in the store
          }
        });
  }
}
