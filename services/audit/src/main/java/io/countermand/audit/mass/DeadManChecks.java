// Over 300 lines: one fold, and what each fire is held against; apart, both would need its state.
package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Findings;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.Placement;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The dead-man's switches of one partition of {@code heartbeats}, by the ledger's own rules. What
 * the log does not tell is when the ledger read a record: a tick or heartbeat that it read late
 * makes it fire later than the log alone leads to, or not at all if the producer came back. It
 * makes it fire no sooner. So each fire must be demanded, by its own tick or one before it, and one
 * that is demanded may come later. Records by offset. Not thread-safe.
 */
final class DeadManChecks {

  /**
   * A fire that is demanded is missed so much later: longer than a transaction that is left open
   * can keep the ledger from reading.
   */
  static final Duration LOST = Duration.ofMinutes(20);

  private static final String MASS_ID = "deadman-";
  private static final String BY = "dead-man's switch ";

  /** Those that a fire may name: of at least a quarter of an hour. */
  private static final int MOST_TICKS = 10_000;

  /**
   * A notice that a switch has fired.
   *
   * @param tick when the tick was appended that fired it
   */
  record Fired(String switchId, Evidence heartbeat, String massId, Instant tick) {}

  /** By the log, it is to fire. */
  private static final class Demand {

    private final DeadManSwitch one;
    private final MassRecords.At tick;

    /** Where the switch's next heartbeat stands. */
    private long until = Long.MAX_VALUE;

    /** From when it is counted how long the fire is missed, and for how long that may be. */
    private Instant since;

    private Duration patience = LOST;

    Demand(DeadManSwitch one, MassRecords.At tick) {
      this.one = one;
      this.tick = tick;
      this.since = tick.time();
    }
  }

  private final AuditScope scope;
  private final long first;
  private final @Nullable Function<String, List<MassCancel>> asked;
  private final Findings findings;
  private final DeadManWatch watch = new DeadManWatch();
  private final Deque<MassRecords.At> ticks = new ArrayDeque<>();
  private final Map<String, Demand> demanded = new HashMap<>();
  private final Map<String, Demand> waiting = new HashMap<>();
  private final Map<String, Demand> newest = new HashMap<>();
  private final Set<String> unsure = new HashSet<>();
  private final Set<String> said = new HashSet<>();
  private final List<Demand> overdue = new ArrayList<>();
  private boolean blind;
  private boolean unreadableWord;

  /**
   * @param first offset of the first record that is read
   * @param asked what stands on mass-cancels under a massId; null: there is no such topic
   */
  DeadManChecks(
      AuditScope scope,
      long first,
      @Nullable Function<String, List<MassCancel>> asked,
      Findings findings) {
    this.scope = scope;
    this.first = first;
    this.asked = asked;
    this.findings = findings;
  }

  /**
   * @param word one that makes sense, under its own key, and that was not given up
   */
  void heard(Heartbeat word, MassRecords.At at) {
    unsure.remove(word.switchId());
    again(word.switchId(), at);
    watch.heard(word, at.at(), at.time(), false);
  }

  /**
   * Nor is it in dead letters, so the ledger may have read it.
   *
   * @param key null: it may be a tick
   */
  void unreadable(@Nullable String key, MassRecords.At at) {
    if (key == null) {
      blind = true;
      waiting.clear();
    } else {
      unreadableWord = true; // it may be a notice
      unsure.add(key);
      again(key, at);
    }
  }

  private void again(String switchId, MassRecords.At at) {
    waiting.remove(switchId);
    Demand before = newest.remove(switchId);
    if (before != null) {
      before.until = at.at().offset();
    }
  }

  void tick(MassRecords.At at) {
    DeadManWatch.LastTick before = watch.clock();
    waiting.values().removeIf(one -> missed(one, before, at.time()));
    for (DeadManSwitch one : watch.tick(at.at(), at.time(), _ -> false).fired()) {
      var demand = new Demand(one, at);
      demanded.put(one.massId(), demand);
      newest.put(one.word().switchId(), demand);
      if (!blind && !unsure.contains(one.word().switchId())) {
        waiting.put(one.word().switchId(), demand);
      }
    }
    ticks.addLast(at);
    if (ticks.size() > MOST_TICKS) {
      ticks.removeFirst();
    }
  }

  private boolean missed(Demand demand, DeadManWatch.@Nullable LastTick before, Instant tick) {
    DeadManSwitch one = demand.one;
    if (before == null || Duration.between(before.at(), tick).abs().compareTo(one.bound()) > 0) {
      demand.since = tick; // nobody watched: if it is armed still, its silence counts anew
      demand.patience = one.word().timeout().plus(LOST);
      return false;
    }
    if (tick.isBefore(demand.since.plus(demand.patience))) {
      return false;
    }
    missed(demand);
    return true;
  }

  private void missed(Demand demand) {
    overdue.add(demand);
  }

  /** Not before all is read: it may have fired later, once the ledger could read what it lacked. */
  private void say(Demand demand) {
    if (!blind && !said.contains(demand.one.massId()) && scope.judged(demand.tick.time())) {
      add(
          DifferenceKind.FIRE_MISSED,
          demand.one.massId()
              + ": to be fired, and was not; "
              + demand.one.words(demand.tick.time()),
          List.of(demand.one.at(), demand.tick.at()));
    }
  }

  /** A notice says so. */
  void fired(Fired is, MassRecords.At at) {
    said.add(is.massId());
    Demand demand = demanded.get(is.massId());
    if (waiting.get(is.switchId()) == demand) {
      waiting.remove(is.switchId());
    }
    if (scope.judged(at.time())) {
      if (at.time().plus(MassChecks.DUE).isBefore(scope.horizon())) {
        check(is, at, demand);
      } else {
        findings.note("fires of dead-man's switches that are too young to be judged");
      }
    }
    watch.fired(is.switchId(), is.massId());
  }

  private void check(Fired is, MassRecords.At at, @Nullable Demand demand) {
    if (blind || unsure.contains(is.switchId())) {
      findings.gap("fires of dead-man's switches behind a heartbeat or tick that cannot be read");
    } else if (is.heartbeat().offset() < first) {
      findings.gap("fires of dead-man's switches whose last heartbeat is not among what is read");
    } else if (demand == null || !demand.one.at().equals(is.heartbeat())) {
      notDerived(is, at, why(is));
    } else {
      demanded(is, at, demand);
    }
  }

  private void demanded(Fired is, MassRecords.At at, Demand demand) {
    if (ticks.stream().anyMatch(tick -> leads(tick, demand, is, at))) {
      findings.counted(Findings.Count.FIRES, 1);
      massCancel(is, at, demand);
    } else {
      notDerived(
          is, at, "no tick of " + is.tick() + " leads to it, but that of " + demand.tick.time());
    }
  }

  private static boolean leads(
      MassRecords.At tick, Demand demand, Fired is, MassRecords.At notice) {
    long offset = tick.at().offset();
    return tick.time().equals(is.tick())
        && offset >= demand.tick.at().offset()
        && offset < demand.until
        && offset < notice.at().offset();
  }

  private String why(Fired is) {
    for (DeadManSwitch one : watch.armed()) {
      if (one.word().switchId().equals(is.switchId())) {
        return one.massId().equals(is.massId()) && one.at().equals(is.heartbeat())
            ? "it was to fire at " + one.due() + ", not at " + is.tick()
            : "its last heartbeat is "
                + Placement.place(one.at())
                + ", not "
                + Placement.place(is.heartbeat());
      }
    }
    return "it was not armed by " + Placement.place(is.heartbeat());
  }

  private void notDerived(Fired is, MassRecords.At at, String why) {
    findings.counted(Findings.Count.FIRES, 1);
    add(
        DifferenceKind.FIRE_NOT_DERIVED,
        is.massId() + ": switch " + is.switchId() + " fired, and " + why,
        List.of(at.at(), is.heartbeat()));
  }

  /** In the same transaction as the notice. */
  private void massCancel(Fired is, MassRecords.At at, Demand demand) {
    Function<String, List<MassCancel>> all = asked;
    if (all == null) {
      return;
    }
    MassCancel due = demand.one.fires(is.tick());
    List<MassCancel> there = all.apply(is.massId());
    if (there.isEmpty() && scope.took(Topics.MASS_CANCELS, at.time())) {
      findings.gap("fires of dead-man's switches whose mass cancel retention took");
    } else if (there.stream().noneMatch(one -> same(one, due))) {
      add(
          DifferenceKind.FIRE_NOT_ASKED,
          is.massId()
              + (there.isEmpty()
                  ? ": it is not on mass-cancels"
                  : ": on mass-cancels it is of " + there.getFirst().scope().words())
              + ", the last heartbeat names "
              + due.scope().words(),
          List.of(at.at(), is.heartbeat()));
    }
  }

  private static boolean same(MassCancel one, MassCancel due) {
    return one.scope().equals(due.scope())
        && one.includingPositionClose() == due.includingPositionClose()
        && !one.dryRun()
        && !one.keep()
        && one.releases() == null;
  }

  /**
   * A mass cancel on {@code mass-cancels} says that a switch has fired it. Once all is read.
   *
   * @param at where it stands first
   */
  void asked(MassCancel mass, MassRecords.At at) {
    Instant time = at.time();
    if (said.contains(mass.massId())
        || !mass.massId().startsWith(MASS_ID)
        || !mass.by().startsWith(BY)
        || !scope.judged(time)
        || !time.plus(MassChecks.DUE).isBefore(scope.horizon())) {
      return;
    }
    Duration since = Duration.between(mass.createdAt(), time).abs();
    if (blind
        || unreadableWord
        || since.compareTo(AskedChecks.SETTLED) > 0 // published once more, perhaps
        || scope.took(Topics.HEARTBEATS, time)) {
      findings.gap("mass cancels of dead-man's switches whose fire is not among what is read");
    } else {
      add(
          DifferenceKind.FIRE_NOT_DERIVED,
          mass.massId() + ": asked for in the name of a " + mass.by() + ", which has not fired",
          List.of(at.at()));
    }
  }

  private void add(DifferenceKind kind, String text, List<Evidence> evidence) {
    findings.add(kind, null, null, text, evidence);
  }

  /**
   * All is read.
   *
   * @param ledger when the ledger wrote something last, anywhere: if long after the last tick, it
   *     takes no switch for armed
   */
  void finish(Instant ledger) {
    MassRecords.At last = ticks.peekLast();
    if (last != null && !ledger.isBefore(last.time().plus(LOST))) {
      new ArrayList<>(waiting.values()).forEach(this::missed);
    }
    overdue.forEach(this::say);
  }
}
