// Over 300 lines: one world, and every kind of thing that happens in it; each reads all of it.
package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.call.DeskCall;
import io.countermand.simulation.engine.Choices;
import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.Log;
import io.countermand.simulation.engine.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that one history is made of. */
final class World {

  /** The first of January 2026: a time that can be. */
  private static final long BEGINNING = 1_767_225_600_000L;

  /** A progress record; where it stands is known when it is read. */
  interface Progress {
    LedgerEvent at(Evidence evidence);

    /** All that it says, in order: a decision may be its call's marker, too. */
    default List<LedgerEvent> events(Evidence evidence) {
      return List.of(at(evidence));
    }

    /** Its place among the decisions of a lease, or as a call's marker; null: it has none. */
    default Lease.@Nullable Place place() {
      return null;
    }
  }

  /** A desk's lease, which tells of no cancel. */
  record Leased(Lease lease) implements Progress {

    @Override
    public LedgerEvent at(Evidence at) {
      throw new IllegalStateException("a lease is no event");
    }

    @Override
    public List<LedgerEvent> events(Evidence at) {
      return List.of();
    }
  }

  /** A decision that is no marker. */
  record Decision(Cancel cancel, DeskDecision decision, Lease.@Nullable Place place, Instant now)
      implements Progress {

    @Override
    public LedgerEvent at(Evidence at) {
      return new LedgerEvent.Decided(cancel, decision, at, now);
    }
  }

  /** A decision whose call leaves once this is durable. */
  record Announced(
      Cancel cancel, DeskDecision decision, String attemptId, Lease.Place place, Instant now)
      implements Progress {

    @Override
    public LedgerEvent at(Evidence at) {
      return new LedgerEvent.Decided(cancel, decision, at, now);
    }

    @Override
    public List<LedgerEvent> events(Evidence at) {
      return List.of(
          at(at), new LedgerEvent.Started(cancel, attemptId, 1, RequestKind.CANCEL, at, now));
    }
  }

  /** The marker of a call. */
  record Marked(CancelRequest request, String attemptId, Instant now) implements Progress {

    @Override
    public LedgerEvent at(Evidence at) {
      return new LedgerEvent.Started(
          request.cancel(), attemptId, request.attemptNo(), request.kind(), at, now);
    }

    @Override
    public Lease.@Nullable Place place() {
      return request.kind() == RequestKind.CANCEL
          ? Lease.Place.unleased(request.cancel().intent().offset(), attemptId)
          : null;
    }
  }

  /** A record of the changelog of a desk's orders. */
  record Change(OrderRef order, DeskOrder state) {}

  /** A record of the changelog of a desk's waiting calls; null: it waits no more. */
  record Kept(String id, @Nullable DeskCall call) {}

  /** A record that could not be used. */
  record Dead(String topic, int offset) {}

  record Disturbance(long start, long end) {}

  final Choices choices;
  final FaultChances faults;
  final Conduct conduct;
  final HistorySettings setting;
  final Timeline time = new Timeline();

  final Log<Intent> intents = new Log<>("cancel-intents", time);
  final Log<OrderEvent> events = new Log<>("order-events", time);
  final Log<CancelRequest> retries = new Log<>("cancel-retries", time);
  final Log<Progress> progress = new Log<>("cancel-progress", time);
  final Log<Outcome> outcomes = new Log<>("cancel-outcomes", time);
  final Log<Finding> findings = new Log<>("outcome-findings", time);
  final Log<Dead> dead = new Log<>("dead-letters", time);

  /** Those records of cancel-intents that are hand-overs of the venue, by offset. */
  final Map<Integer, HandOver> handOvers = new TreeMap<>();

  final Map<OrderRef, TrueOrder> books = new HashMap<>();
  final List<SimulatedCall> calls = new ArrayList<>();
  final List<String> broken = new ArrayList<>();

  /** So far are the desks' clocks behind, beside their skew, ms. */
  final long deskLag;

  /** Attempts made. */
  int attempts;

  /** Leases begun. */
  long leases;

  /** Calls made under a lease. */
  int leasedCalls;

  /** Calm begins: no fault starts at or after this time. */
  final long calm;

  private final long brokerSkew;
  private final @Nullable List<String> story;
  private final int crash;
  private final List<Disturbance> disturbances = new ArrayList<>();
  private int faultsLeft;

  World(Choices choices, FaultChances faults, Conduct conduct, @Nullable List<String> story) {
    this.choices = choices;
    this.faults = faults;
    this.conduct = conduct;
    this.story = story;
    this.setting = HistorySettings.of(choices);
    this.calm = choices.chance(850) ? choices.between(0, 12_000) : 0;
    this.faultsLeft = choices.pick(7);
    this.crash = choices.chance(250) ? 4 * faults.crash() : faults.crash();
    this.brokerSkew = skew();
    this.deskLag =
        faults.skew() > 0 && choices.chance(60) && !setting.permits().scarce()
            ? choices.between(3000, 15_000)
            : 0;
  }

  /** The progress that a reader gets, without leases. */
  List<Log.Entry<Progress>> said() {
    return progress.committed().stream()
        .filter(entry -> !(entry.value() instanceof Leased))
        .toList();
  }

  /** The same, but what was a dead letter to the ledger. */
  List<Log.Entry<Progress>> heard() {
    Set<Integer> lost = Markers.lost(this);
    List<Log.Entry<Progress>> heard = new ArrayList<>();
    for (int offset = 0; offset < progress.end(); offset++) {
      Log.Entry<Progress> entry = progress.get(offset);
      if (!entry.open()
          && !entry.aborted()
          && !(entry.value() instanceof Leased)
          && !lost.contains(offset)) {
        heard.add(entry);
      }
    }
    return heard;
  }

  /** Which group of desks decides the intent at {@code offset}, by the log alone. */
  String group(long offset) {
    String group = Ownership.FIRST;
    for (Map.Entry<Integer, HandOver> each : handOvers.entrySet()) {
      if (each.getKey() <= offset) {
        group = each.getValue().to();
      }
    }
    return group;
  }

  long skew() {
    return faults.skew() > 0 && choices.chance(600)
        ? choices.between(0, 2L * faults.skew()) - faults.skew()
        : 0;
  }

  Instant instant(long skew) {
    return Instant.ofEpochMilli(BEGINNING + time.now() + skew);
  }

  /** Broker time at which a record with virtual append time {@code at} was appended. */
  Instant appended(long at) {
    return Instant.ofEpochMilli(BEGINNING + at + brokerSkew);
  }

  /** Virtual time at which a right clock shows {@code at}. */
  long virtual(Instant at) {
    return at.toEpochMilli() - BEGINNING;
  }

  boolean faultsAllowed() {
    return time.now() < calm && faultsLeft > 0;
  }

  void faultHappened(long length) {
    faultsLeft--;
    disturbed(length);
  }

  /** Something is away for so long from now, so whatever waits for it may be late. */
  void disturbed(long length) {
    disturbances.add(new Disturbance(time.now(), time.now() + length));
  }

  /** End of the last disturbance that began before {@code by}. */
  long undisturbedSince(long by) {
    long since = 0;
    for (Disturbance one : disturbances) {
      since = one.start() <= by ? Math.max(since, one.end()) : since;
    }
    return since;
  }

  /** Chance of a kill at a step of this history. */
  int crash() {
    return crash;
  }

  /** Chance of a slow fetch or send just now. */
  int slow() {
    return time.now() < calm ? faults.slow() : 0;
  }

  /** Chance that the ledger cannot read a record of progress yet. */
  int unreadable() {
    return time.now() < calm ? faults.unreadable() : 0;
  }

  /** Chance that a desk that gets the partition calls nobody for a while. */
  int stops() {
    return time.now() < calm ? faults.stops() : 0;
  }

  int venueFault() {
    return time.now() < calm ? faults.venue() : 0;
  }

  TrueOrder book(Cancel cancel) {
    return books.computeIfAbsent(cancel.order(), TrueOrder::new);
  }

  boolean telling() {
    return story != null;
  }

  List<String> told() {
    return story == null ? List.of() : List.copyOf(story);
  }

  void say(String who, String what) {
    if (story != null) {
      story.add(String.format("%6d %-8s %s", time.now(), who, what));
    }
  }

  /** A promise was seen broken on the way. */
  void broke(String promise) {
    broken.add(promise);
    say("CHECK", promise);
  }
}
