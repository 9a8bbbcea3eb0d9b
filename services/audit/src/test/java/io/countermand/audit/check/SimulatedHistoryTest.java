package io.countermand.audit.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.HistoryRunner;
import io.countermand.simulation.Recording;
import io.countermand.simulation.engine.FaultChances;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Histories full of kills, pauses, losses and races, as they happened: nothing may be found. */
class SimulatedHistoryTest {

  private static final int HISTORIES = Integer.getInteger("audit.histories", 3000);

  @Test
  void shouldFindNothingInHistoriesAsTheyHappened() {
    assertThat(shouldFindNothing(FaultChances.ALL, HISTORIES)).isZero();
  }

  @Test
  void shouldFindNothingWhereTheLedgerReadSomeRecordsLater() {
    assertThat(shouldFindNothing(FaultChances.ALL.lateToRead(), HISTORIES / 3)).isPositive();
  }

  @Test
  void shouldFindNothingWhereDesksCallNobodyForAWhile() {
    assertThat(shouldFindNothing(FaultChances.ALL.stopping(), HISTORIES / 3)).isZero();
  }

  /** Answers how many records of the progress were dead letters. */
  private static long shouldFindNothing(FaultChances faults, int histories) {
    // Given
    long first = Long.getLong("audit.seed", 1);
    List<String> wrong = new ArrayList<>();
    long derived = 0;
    long gaps = 0;
    long dead = 0;
    // When
    for (long seed = first; seed < first + histories; seed++) {
      Recording recording = HistoryRunner.record(seed, faults);
      dead += recording.deadProgress().size();
      Findings findings = judge(recording);
      derived += findings.derived;
      gaps += findings.gaps.values().stream().mapToLong(Long::longValue).sum();
      for (Difference difference : findings.differences) {
        if (!isOfWhatNobodyRead(difference)) {
          wrong.add("seed " + seed + ": " + difference);
        }
      }
    }
    // Then
    assertThat(wrong.stream().limit(20)).isEmpty();
    assertThat(derived).isGreaterThan(histories * 10L);
    assertThat(gaps).isLessThan(histories / 100L + 1);
    return dead;
  }

  /** What the ledger never could read, this audit can: that is found, and rightly. */
  private static boolean isOfWhatNobodyRead(Difference difference) {
    return difference.kind() == DifferenceKind.GIVEN_UP
        && difference.evidence().getFirst().topic().equals("cancel-progress");
  }

  @Test
  void shouldSeeThatAFindingIsMissingOrStandsThereTwice() {
    // Given
    Recording whole =
        LongStream.rangeClosed(1, HISTORIES)
            .mapToObj(seed -> HistoryRunner.record(seed, FaultChances.ALL))
            .filter(recording -> recording.findings().size() == 1)
            .findFirst()
            .orElseThrow();
    Recording.Entry<Finding> one = whole.findings().getFirst();
    // When
    Findings asItHappened = judge(whole);
    Findings missing = judge(with(whole, List.of()));
    Findings twice = judge(with(whole, List.of(one, one)));
    // Then
    assertThat(asItHappened.kinds).isEmpty();
    // The kind is that of the attempt to derive it that got furthest: an outcome's, perhaps.
    assertThat(missing.kinds).isNotEmpty();
    assertThat(twice.kinds).isNotEmpty();
  }

  private static Recording with(Recording of, List<Recording.Entry<Finding>> findings) {
    return new Recording(
        of.check(),
        of.desk(),
        of.ledger(),
        of.intents(),
        of.events(),
        of.retries(),
        of.progress(),
        of.outcomes(),
        findings,
        of.leases(),
        of.places(),
        of.deadIntents(),
        of.deadProgress(),
        of.end());
  }

  static Findings judge(Recording recording) {
    AuditScope scope = new SimulatedScope(recording);
    Findings findings = new Findings(scope);
    var rules =
        new AuditRules(
            recording.check(),
            recording.desk(),
            recording.ledger(),
            Duration.ofDays(1),
            Duration.ofDays(30),
            Duration.ofDays(1),
            Map.of(),
            Set.of());
    for (OrderHistory history : histories(recording).values()) {
      new OrderCheck(rules, scope, findings, Instant.EPOCH).check(history);
    }
    return findings;
  }

  static Map<OrderRef, OrderHistory> histories(Recording recording) {
    Map<OrderRef, OrderHistory> all = new LinkedHashMap<>();
    long print = 0;
    for (Recording.Entry<Intent> entry : recording.intents()) {
      Evidence at = new Evidence("cancel-intents", 0, entry.offset());
      of(all, entry.value().order())
          .intents
          .add(
              new OrderHistory.Asked(
                  entry.value(),
                  recording.check().check(entry.value(), at, entry.time()),
                  at,
                  entry.time(),
                  print++));
    }
    for (Recording.Entry<LedgerEvent.OfCancel> entry : recording.progress()) {
      of(all, entry.value().cancel().order())
          .progress
          .add(new OrderHistory.Said(entry.value(), "part", null, null, entry.time(), print++));
    }
    for (Recording.Entry<OrderEvent> entry : recording.events()) {
      Evidence at = new Evidence("order-events", 0, entry.offset());
      of(all, entry.value().order())
          .events
          .add(new OrderHistory.Seen(entry.value(), at, entry.time(), print++));
    }
    for (Recording.Entry<Outcome> entry : recording.outcomes()) {
      Evidence at = new Evidence("cancel-outcomes", 0, entry.offset());
      of(all, entry.value().cancel().order())
          .outcomes
          .add(new OrderHistory.Answered(entry.value(), at, entry.time(), print++));
    }
    for (Recording.Entry<Finding> entry : recording.findings()) {
      Evidence at = new Evidence("outcome-findings", 0, entry.offset());
      of(all, entry.value().cancel().order())
          .found
          .add(new OrderHistory.Found(entry.value(), at, entry.time(), print++));
    }
    for (Recording.Entry<CancelRequest> entry : recording.retries()) {
      of(all, entry.value().cancel().order()).retries.add(requested(entry, print++));
    }
    return all;
  }

  private static OrderHistory.Requested requested(
      Recording.Entry<CancelRequest> entry, long print) {
    Evidence at = new Evidence("cancel-retries", 0, entry.offset());
    return new OrderHistory.Requested(entry.value(), at, entry.time(), print);
  }

  private static OrderHistory of(Map<OrderRef, OrderHistory> all, OrderRef order) {
    return all.computeIfAbsent(order, ref -> new OrderHistory(ref.key()));
  }

  private static LeaseTimeline leases(Recording recording, AuditScope scope) {
    var leases = new LeaseTimeline(0, at -> scope.deadLetter(at) != null);
    Map<Integer, Runnable> log = new TreeMap<>();
    for (Recording.Entry<Lease> one : recording.leases()) {
      log.put(one.offset(), () -> leases.read(one.value(), one.offset(), one.time()));
    }
    for (Recording.Entry<LedgerEvent.OfCancel> one : recording.progress()) {
      Lease.Place place = recording.places().get(one.offset());
      String venue = one.value().cancel().order().venue();
      Runnable placed =
          place == null
              ? () -> {}
              : () -> placed(leases, place, one, venue, scope.deadLetter(one.value().at()) != null);
      Runnable said = () -> leases.read(one.value(), one.value().at());
      log.merge( // of two events of one record the first has its place
          one.offset(), both(placed, said), (first, _) -> both(first, said));
    }
    log.values().forEach(Runnable::run);
    return leases;
  }

  private static void placed(
      LeaseTimeline leases,
      Lease.Place place,
      Recording.Entry<LedgerEvent.OfCancel> one,
      String venue,
      boolean dead) {
    leases.read(place, one.value().at(), venue, one.time());
    if (!dead) {
      leases.known(place, one.offset());
    }
  }

  private static Runnable both(Runnable first, Runnable then) {
    return () -> {
      first.run();
      then.run();
    };
  }

  private static final class SimulatedScope extends Everything {

    private final Recording recording;
    private final LeaseTimeline leases;

    SimulatedScope(Recording recording) {
      super(recording.end().plusSeconds(600));
      this.recording = recording;
      this.leases = SimulatedHistoryTest.leases(recording, this);
    }

    @Override
    public LeaseTimeline leases() {
      return leases;
    }

    @Override
    public String deadLetter(Evidence at) {
      if (at.topic().equals("cancel-progress")) {
        return recording.deadProgress().contains((int) at.offset()) ? "UNKNOWN_SCHEMA" : null;
      }
      if (!at.topic().equals("cancel-intents")
          || !recording.deadIntents().contains((int) at.offset())) {
        return null;
      }
      return recording.intents().stream()
              .filter(entry -> entry.offset() == at.offset())
              .map(entry -> recording.check().check(entry.value(), at, entry.time()))
              .anyMatch(c -> c instanceof io.countermand.domain.IntentCheck.WellFormed)
          ? "CONFLICTING_CONTENT"
          : "NO_CANCEL_ID";
    }
  }
}
