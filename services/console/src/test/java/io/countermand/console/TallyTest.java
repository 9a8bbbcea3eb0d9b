package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.countermand.client.EventRecord;
import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.CancelRates;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.Tally;
import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.FindingKind;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.Reason;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What *Now* counts, and what it costs to look. */
class TallyTest {

  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final AtomicLong offsets = new AtomicLong();

  private static Cancel cancel(int number, Instant received, Instant deadline) {
    var cancel = new Cancel();
    cancel.setCancelId("c" + number);
    cancel.setVenue("v");
    cancel.setAccount("a");
    cancel.setOrderId("o" + number);
    cancel.setReceivedAt(received);
    cancel.setDeadline(deadline);
    return cancel;
  }

  private EventRecord<CancelIntent> intent(int number, Instant received) {
    var intent = new CancelIntent();
    intent.setCancelId("c" + number);
    intent.setVenue("v");
    intent.setAccount("a");
    intent.setOrderId("o" + number);
    intent.setAttributes(Map.of());
    intent.setCreatedAt(received);
    return new EventRecord<>(
        intent, "cancel-intents", 0, offsets.incrementAndGet(), received, null);
  }

  private EventRecord<CancelOutcome> outcome(Cancel cancel, CancelResult result, Instant decided) {
    var outcome = new CancelOutcome();
    outcome.setCancel(cancel);
    outcome.setResult(result);
    outcome.setReason(Reason.OTHER);
    outcome.setText("");
    outcome.setAttempts(List.of());
    outcome.setDecidedAt(decided);
    return new EventRecord<>(
        outcome, "cancel-outcomes", 0, offsets.incrementAndGet(), decided, null);
  }

  private EventRecord<OutcomeFinding> finding(Cancel cancel, FindingKind kind, Instant at) {
    var finding = new OutcomeFinding();
    finding.setCancel(cancel);
    finding.setKind(kind);
    finding.setText("");
    return new EventRecord<>(finding, "outcome-findings", 0, offsets.incrementAndGet(), at, null);
  }

  /** By walking over all of them. */
  private static Tally.Sum walked(KeptCancels cancels, Instant now) {
    List<CancelLife> all = cancels.all();
    List<CancelLife> open = all.stream().filter(CancelLife::open).toList();
    return new Tally.Sum(
        open.size(),
        Optional.of(open)
            .filter(some -> !some.isEmpty())
            .map(
                some ->
                    some.stream()
                        .min(
                            Comparator.comparing(CancelLife::received)
                                .thenComparing(each -> each.order() + ' ' + each.cancelId()))
                        .orElseThrow()),
        all.stream().filter(each -> each.unresolved() && each.resolved().isEmpty()).count(),
        all.stream().filter(each -> each.late(now, GRACE)).count());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldCountWhatAWalkCounts(long seed) {
    // Given: cancels that come, change and go, in any order, some twice
    var random = new Random(seed);
    var cancels = new KeptCancels(40, 1 << 20, new CancelRates(), GRACE);
    List<Tally.Sum> counted = new ArrayList<>();
    List<Tally.Sum> walked = new ArrayList<>();
    Instant now = START;
    // When
    for (int i = 0; i < 3_000; i++) {
      now = now.plusMillis(random.nextInt(500));
      int number = i / 30 + random.nextInt(30);
      Instant received = START.plusSeconds(number);
      Cancel cancel = cancel(number, received, received.plusSeconds(random.nextInt(60) - 5));
      switch (random.nextInt(4)) {
        case 0 -> cancels.intent(intent(number, received));
        case 1 ->
            cancels.outcome(
                outcome(
                    cancel,
                    CancelResult.values()[random.nextInt(CancelResult.values().length)],
                    received.plusSeconds(random.nextInt(80))));
        case 2 ->
            cancels.finding(
                finding(
                    cancel,
                    FindingKind.values()[random.nextInt(FindingKind.values().length)],
                    now));
        default -> {}
      }
      counted.add(cancels.sum(now));
      walked.add(walked(cancels, now));
    }
    // Then
    assertThat(counted).isEqualTo(walked);
    assertThat(counted).anyMatch(each -> each.late() > 3).anyMatch(each -> each.unresolved() > 3);
    assertThat(cancels.gone()).isPositive();
  }

  @Test
  void shouldCostTheSameHoweverManyAreKept() {
    // Given
    var few = filled(100);
    var many = filled(20_000);
    look(few);
    look(many);
    // When
    long ofFew = look(few);
    long ofMany = look(many);
    // Then: who makes a list of them allocates at least its references
    assertThat(many.kept()).isEqualTo(20_000);
    assertThat(ofMany).isLessThan(ofFew + 20_000);
  }

  private KeptCancels filled(int number) {
    var cancels = new KeptCancels(number, 1 << 30, new CancelRates(), GRACE);
    for (int i = 0; i < number; i++) {
      Instant received = START.plusSeconds(i);
      cancels.intent(intent(i, received));
      if (i % 10 > 0) {
        Cancel cancel = cancel(i, received, received.plusSeconds(9));
        cancels.outcome(outcome(cancel, CancelResult.UNRESOLVED, received));
      }
    }
    return cancels;
  }

  /** Bytes that this thread allocates for one look. */
  private static long look(KeptCancels cancels) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    OverviewView now =
        OverviewView.of(
            cancels,
            new CancelRates(),
            OverviewView.Window.M5,
            List.of(),
            START.plusSeconds(30_000));
    long after = threads.getCurrentThreadAllocatedBytes();
    assertThat(now.open()).isEqualTo(now.kept() / 10);
    return after - before;
  }

  @Test
  void shouldLookOnceForAllPagesThatAreOpen() {
    // Given
    var looks = new AtomicInteger();
    var clock = new AtomicLong();
    var shared =
        new CachedViews<OverviewView.Window, Integer>(
            _ -> looks.incrementAndGet(), Duration.ofSeconds(1), clock::get);
    // When: a hundred pages of two time spans, each twice a second for ten seconds
    for (int half = 0; half < 20; half++) {
      clock.set(Duration.ofMillis(500).multipliedBy(half).toNanos());
      for (int page = 0; page < 100; page++) {
        var _ = shared.get(page % 2 == 0 ? OverviewView.Window.M5 : OverviewView.Window.H24);
      }
    }
    // Then
    assertThat(looks).hasValue(20);
  }
}
