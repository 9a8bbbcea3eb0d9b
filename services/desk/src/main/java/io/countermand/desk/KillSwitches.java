package io.countermand.desk;

import io.countermand.codec.IntentCodec;
import io.countermand.codec.SwitchCodec;
import io.countermand.domain.DeskOrder;
import io.countermand.domain.Evidence;
import io.countermand.domain.OrderRef;
import io.countermand.domain.Outcome;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassCheck;
import io.countermand.domain.mass.MassIntents;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kill switches in one task: each order event that shows an order in the scope of one that is on,
 * gives that order a cancel at once. What is open when one is fired is the freeze's ({@link
 * MassFreezes}), so between them none is missed: an order is in the table when the command is read,
 * or its event comes after it.
 *
 * <p>The commands stand in the task's own partition, and what was read of them in its store. A task
 * whose log has lost a command, or that began behind it, learns of the switch from the topic of all
 * ({@code known}): it looks for what is open once it has read the order events that were there, and
 * watches from then on. Not before: to it, orders that ended long ago are open for a moment.
 *
 * <p>For the task's own thread.
 */
final class KillSwitches {

  private static final Logger LOG = LoggerFactory.getLogger(KillSwitches.class);

  /**
   * Cancels that were sent and perhaps not read yet. One that is not known any more is repeated.
   */
  private static final int MOST_ASKED = 10_000;

  private static final Duration TO_READ_UP = Duration.ofDays(1);

  private final KeyValueStore<String, byte[]> store;
  private final MassFreezes freezes;
  private final Set<String> closing;
  private final int partition;

  /** Released ones, too: what they say holds, whatever is learned later. */
  private final Map<String, KillSwitch> all = new HashMap<>();

  private final Map<String, KillSwitch> on = new LinkedHashMap<>();
  private final Set<String> readingUp = new HashSet<>();
  private boolean begun;

  private final Set<String> asked =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MOST_ASKED;
            }
          });

  /**
   * @param store as an earlier owner left it
   * @param closing venues where a cancel closes the order's position, too
   * @param known as they stood when this desk started, after it had its offsets
   */
  KillSwitches(
      KeyValueStore<String, byte[]> store,
      MassFreezes freezes,
      Set<String> closing,
      int partition,
      List<KillSwitch> known) {
    this.store = store;
    this.freezes = freezes;
    this.closing = closing;
    this.partition = partition;
    try (KeyValueIterator<String, byte[]> rows = store.all()) {
      rows.forEachRemaining(
          row -> {
            ByteBuffer bytes = ByteBuffer.wrap(row.value);
            boolean reads = bytes.get() != 0;
            know(row.key, SwitchCodec.killSwitch(bytes));
            if (reads && on.containsKey(row.key)) {
              readingUp.add(row.key);
            }
          });
    }
    for (KillSwitch one : known) {
      String massId = one.mass().massId();
      KillSwitch before = all.get(massId);
      if (before == null || (before.on() && !one.on())) {
        put(massId, one, one.on());
      }
    }
  }

  /**
   * As the ledger spread it: perhaps one that fires a switch, or releases one.
   *
   * @return what is open is to be frozen for this one; null: nothing is
   */
  @Nullable MassCancel command(MassCancel mass, Instant appended) {
    String releases = mass.releases();
    if (releases != null) {
      release(releases, mass, appended);
      return null;
    }
    return mass.keep() ? fire(mass, appended, Instant.now()) : mass;
  }

  /**
   * <pre>
   * it is off already                  | what is open may have opened since: tells that it looked at nothing
   * it is being looked for, and is old | goes on with that
   * else                               | looks at what is open, also after the deadline: it is on
   * </pre>
   */
  private @Nullable MassCancel fire(MassCancel mass, Instant appended, Instant now) {
    String massId = mass.massId();
    KillSwitch before = all.get(massId);
    boolean late = !now.isBefore(Objects.requireNonNull(mass.deadline()));
    boolean reads = readingUp.contains(massId);
    if (before != null && !before.on()) {
      return freezes.has(massId) ? null : late ? mass : mass.until(now);
    }
    if (reads && late) {
      return null;
    }
    if (reads || before == null) {
      put(massId, new KillSwitch(mass, appended, null), false);
    }
    return late ? mass.until(now.plus(MassCheck.DEFAULT_DEADLINE)) : mass;
  }

  private void release(String massId, MassCancel asked, Instant appended) {
    KillSwitch before = all.get(massId);
    if (before == null || before.on()) {
      var release = new KillSwitch.Release(asked.massId(), asked.by(), asked.reason(), appended);
      put(
          massId,
          before == null
              ? new KillSwitch(asked, appended, release)
              : new KillSwitch(before.mass(), before.since(), release),
          false);
    }
  }

  /** Whether any is on. */
  boolean any() {
    return !on.isEmpty();
  }

  /**
   * An order event was folded.
   *
   * @param known with the event in it
   */
  void folded(OrderRef order, DeskOrder known, Outbox out) {
    Instant now = Instant.now();
    for (KillSwitch one : on.values()) {
      String massId = one.mass().massId();
      boolean watches = !readingUp.contains(massId) || (begun && freezes.looked(massId));
      if (watches && one.wants(order, known, closing)) {
        ask(one, order, one.cancelId(order), now, out);
      } else if (watches) {
        ask(one, order, one.anew(order, known, closing, now), now, out);
      }
    }
  }

  /**
   * A cancel has its outcome, perhaps one that leaves its order open.
   *
   * @param known with the outcome in it
   */
  void settled(Outcome outcome, Evidence at, DeskOrder known, Outbox out) {
    for (KillSwitch one : on.values()) {
      String again = one.again(outcome, known, closing, at);
      ask(one, outcome.cancel().order(), again, Instant.now(), out);
    }
  }

  private void ask(
      KillSwitch one, OrderRef order, @Nullable String cancelId, Instant now, Outbox out) {
    if (cancelId != null && asked.add(cancelId)) {
      MassCancel mass = one.mass().until(now.plus(MassCheck.DEFAULT_DEADLINE));
      out.send(
          Topics.INTENTS,
          order.key(),
          IntentCodec.toAvro(MassIntents.intent(mass, order, cancelId)));
    }
  }

  /** Goes on with those that it did not learn of by their command; after the freezes' step. */
  void step(Instant now) {
    if (readingUp.isEmpty()) {
      return;
    }
    for (String massId : Set.copyOf(readingUp)) {
      KillSwitch one = Objects.requireNonNull(all.get(massId));
      if (!begun) {
        // Not its deadline: what opens until then is not watched yet.
        Instant until = now.plus(TO_READ_UP);
        freezes.command(one.mass().until(until), new Evidence(Topics.MASS_COMMANDS, partition, -1));
      } else if (!freezes.has(massId)) {
        put(massId, one, false);
      }
    }
    begun = true;
  }

  private void put(String massId, KillSwitch one, boolean reads) {
    byte[] bytes = SwitchCodec.bytes(one);
    store.put(
        massId,
        ByteBuffer.allocate(1 + bytes.length).put((byte) (reads ? 1 : 0)).put(bytes).array());
    know(massId, one);
    if (reads) {
      readingUp.add(massId);
    } else {
      readingUp.remove(massId);
    }
    LOG.atWarn()
        .addKeyValue("massId", massId)
        .addKeyValue("partition", partition)
        .addKeyValue("reads", reads)
        .log(one.on() ? "kill switch on" : "kill switch off");
  }

  private void know(String massId, KillSwitch one) {
    all.put(massId, one);
    if (one.on()) {
      on.put(massId, one);
    } else {
      on.remove(massId);
      freezes.stop(massId);
    }
  }
}
