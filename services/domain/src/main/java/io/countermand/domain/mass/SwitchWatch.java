package io.countermand.domain.mass;

import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The kill switches of one desk task: what it knows of them, and which orders they give a cancel.
 * What is open when one is fired is the freeze's, so between them none is missed: an order is in
 * the table when the command is read, or its event comes after it.
 *
 * <pre>
 * learned of by               | then
 * ----------------------------+----------------------------------------------------------------
 * its command                 | watches at once; a freeze takes what is open
 * kill-switches, at the start | reads up: a freeze takes what is open once the order events were
 *                             | read that are there; watches from then on. To a task that reads
 *                             | the events of a month, each order is open for a moment
 * the store of an earlier     | as that one was
 *   owner                     |
 * a release, first            | off for good, whatever is learned later
 * </pre>
 *
 * Does no I/O: the caller keeps the rows and writes the intents. Not thread-safe.
 */
public final class SwitchWatch {

  /**
   * Cancels that were sent and perhaps not read yet. One that is not known any more is repeated.
   */
  private static final int MOST_ASKED = 10_000;

  private static final Duration TO_READ_UP = Duration.ofDays(1);

  /**
   * What the task keeps of a kill switch.
   *
   * @param reads whether it still looks for what was open when the task began
   */
  public record Row(KillSwitch one, boolean reads) {}

  /**
   * What a command leads to.
   *
   * @param keep to be kept, also where nothing is new: a command is read again after a record was
   *     lost, and what it led to may stand on this disk alone; null: no kill switch
   * @param freezes what is open now is to be cancelled for this one; null: nothing is
   */
  public record Heard(@Nullable Row keep, @Nullable MassCancel freezes) {}

  private final Set<String> closing;

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
   * @param closing venues where a cancel closes the order's position, too
   */
  public SwitchWatch(Set<String> closing) {
    this.closing = Set.copyOf(closing);
  }

  /** As an earlier owner left it. Before anything else. */
  public void kept(Row row) {
    know(row.one());
    if (row.reads() && row.one().on()) {
      readingUp.add(row.one().mass().massId());
    }
  }

  /**
   * As they stood when the desk started, after what was {@link #kept}.
   *
   * @return what is to be kept of it
   */
  public List<Row> known(List<KillSwitch> known) {
    List<Row> rows = new ArrayList<>();
    for (KillSwitch one : known) {
      KillSwitch before = all.get(one.mass().massId());
      if (before == null || (before.on() && !one.on())) {
        rows.add(put(one, one.on()));
      }
    }
    return rows;
  }

  /**
   * As the ledger spread it: perhaps one that fires a switch, or releases one.
   *
   * @param appended when the command was
   */
  public Heard command(MassCancel mass, Instant appended, Instant now) {
    String releases = mass.releases();
    if (releases != null) {
      KillSwitch before = all.get(releases);
      if (before != null && !before.on()) {
        return new Heard(new Row(before, false), null);
      }
      var release = new KillSwitch.Release(mass.massId(), mass.by(), mass.reason(), appended);
      KillSwitch after =
          before == null
              ? new KillSwitch(
                  new MassCancel(
                      releases,
                      mass.scope(),
                      mass.by(),
                      mass.reason(),
                      mass.deadline(),
                      mass.dryRun(),
                      mass.includingPositionClose(),
                      mass.createdAt()),
                  appended,
                  release)
              : new KillSwitch(before.mass(), before.since(), release);
      return new Heard(put(after, false), null);
    }
    return mass.keep() ? fire(mass, appended, now) : new Heard(null, mass);
  }

  /**
   * <pre>
   * it is off already                  | freezes nothing, and says so: it may have opened since
   * it is being looked for, and is old | goes on with that
   * else                               | takes what is open, also after the deadline: it is on
   * </pre>
   */
  private Heard fire(MassCancel mass, Instant appended, Instant now) {
    KillSwitch before = all.get(mass.massId());
    if (before != null && !before.on()) {
      return new Heard(new Row(before, false), mass); // and it is over
    }
    boolean late = !now.isBefore(Objects.requireNonNull(mass.deadline()));
    boolean reads = readingUp.contains(mass.massId());
    if (before != null && reads && late) {
      return new Heard(new Row(before, true), null);
    }
    return new Heard(
        before == null || reads
            ? put(new KillSwitch(mass, appended, null), false)
            : new Row(before, false),
        late ? mass.until(now.plus(MassCheck.DEFAULT_DEADLINE)) : mass);
  }

  /** Whether any is on. */
  public boolean any() {
    return !on.isEmpty();
  }

  /**
   * An order event was folded.
   *
   * @param known with the event in it
   * @param looked whether the freeze of this massId needs the table no more, or there is none
   * @return to be written
   */
  public List<Intent> folded(
      OrderRef order, DeskOrder known, Instant now, Predicate<String> looked) {
    List<Intent> intents = new ArrayList<>();
    for (KillSwitch one : on.values()) {
      String massId = one.mass().massId();
      boolean watches = !readingUp.contains(massId) || (begun && looked.test(massId));
      if (watches && one.wants(order, known, closing)) {
        ask(one, order, one.cancelId(order), now, intents);
      } else if (watches) {
        ask(one, order, one.anew(order, known, closing, now), now, intents);
      }
    }
    return intents;
  }

  /**
   * A cancel has its outcome, perhaps one that leaves its order open.
   *
   * @param known with the outcome in it
   * @param at where the outcome stands
   * @return to be written
   */
  public List<Intent> settled(Outcome outcome, Evidence at, DeskOrder known, Instant now) {
    List<Intent> intents = new ArrayList<>();
    for (KillSwitch one : on.values()) {
      String again = one.again(outcome, known, closing, at);
      ask(one, outcome.cancel().order(), again, now, intents);
    }
    return intents;
  }

  private void ask(
      KillSwitch one,
      OrderRef order,
      @Nullable String cancelId,
      Instant now,
      List<Intent> intents) {
    if (cancelId != null && asked.add(cancelId)) {
      MassCancel until = one.mass().until(now.plus(MassCheck.DEFAULT_DEADLINE));
      intents.add(MassIntents.intent(until, order, cancelId));
    }
  }

  /**
   * Begins to read up, once: what is to be frozen of the switches that it did not learn of by their
   * command. Not until its deadline: what opens until then is not watched yet.
   */
  public List<MassCancel> begin(Instant now) {
    if (begun) {
      return List.of();
    }
    begun = true;
    return readingUp.stream()
        .map(massId -> Objects.requireNonNull(all.get(massId)).mass())
        .map(mass -> mass.until(now.plus(TO_READ_UP)))
        .toList();
  }

  /**
   * Goes on, after {@link #begin}.
   *
   * @param underWay whether there is a freeze of this massId
   * @return what is to be kept: those that have read up
   */
  public List<Row> readUp(Predicate<String> underWay) {
    if (readingUp.isEmpty()) {
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    for (String massId : Set.copyOf(readingUp)) {
      if (!underWay.test(massId)) {
        rows.add(put(Objects.requireNonNull(all.get(massId)), false));
      }
    }
    return rows;
  }

  /**
   * Whether the freeze of a mass cancel takes no more orders: its deadline has come, or it is a
   * kill switch that was released, as far as is known here. One that is read with its release, by a
   * task that was away for both, must not take what opened since.
   */
  public boolean over(MassCancel mass, Instant now) {
    KillSwitch one = all.get(mass.massId());
    return !now.isBefore(Objects.requireNonNull(mass.deadline())) || (one != null && !one.on());
  }

  private Row put(KillSwitch one, boolean reads) {
    know(one);
    if (reads) {
      readingUp.add(one.mass().massId());
    } else {
      readingUp.remove(one.mass().massId());
    }
    return new Row(one, reads);
  }

  private void know(KillSwitch one) {
    all.put(one.mass().massId(), one);
    if (one.on()) {
      on.put(one.mass().massId(), one);
    } else {
      on.remove(one.mass().massId());
    }
  }
}
