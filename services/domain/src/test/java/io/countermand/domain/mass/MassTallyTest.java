package io.countermand.domain.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MassTallyTest {

  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
  private static final Instant DEADLINE = NOW.plusSeconds(60);
  private static final Evidence INTENT = new Evidence("cancel-intents", 0, 1);

  private final MassTally tally =
      new MassTally(mass(MassScope.ALL, false), DEADLINE, 2, Set.of("v", "w"));

  @Test
  void shouldBeDoneOnlyWhenEveryPartitionAndVenueHasToldItsScope() {
    tally.heard(frozen(0, Set.of("v", "w"), "v/a/1"));
    tally.heard(frozen(1, Set.of("v"), "v/a/2"));
    tally.heard(settled("v/a/1", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));
    tally.heard(settled("v/a/2", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));
    assertThat(tally.report(1, NOW).state()).isEqualTo(MassReport.State.FREEZING);

    tally.heard(frozen(1, Set.of("w")));
    MassReport done = tally.report(2, NOW);

    assertThat(done.state()).isEqualTo(MassReport.State.DONE);
    assertThat(done.total()).isEqualTo(2);
    assertThat(done.flat()).as("w was never seen").isFalse();
    assertThat(done.notCovered()).containsExactly("venue w: no order event was ever seen");
  }

  @Test
  void shouldNameWhatACallForManyHitBeyondTheScope() {
    tally.heard(new MassPart.Bulk("c", "v", "a", 2, List.of("v/a/9", "v/a/2"), true));
    tally.heard(frozen(0, Set.of("v", "w"), "v/a/1", "v/a/2"));
    tally.heard(new MassPart.Bulk("c", "v", "a", 2, List.of("v/a/9", "v/a/2"), true));

    MassReport report = tally.report(1, NOW);

    assertThat(report.beyond()).as("2 is in scope").containsExactly("v/a/9");
    assertThat(report.total()).as("no order of the scope").isEqualTo(2);
    assertThat(report.beyondUnknown()).isEmpty();
  }

  @Test
  void shouldSayWhereItIsNotKnownWhatACallForManyHit() {
    // Given: one whose answer is lost, and one that is told of before and after
    var before = new MassPart.Bulk("d", "v", "b", 1, List.of(), false);
    tally.heard(new MassPart.Bulk("c", "v", "a", 2, List.of(), false));
    tally.heard(before);
    assertThat(tally.report(1, NOW).beyondUnknown()).containsExactly("v/a", "v/b");
    // When
    tally.heard(new MassPart.Bulk("d", "v", "b", 1, List.of("v/b/9"), true));
    boolean again = tally.heard(before);
    // Then
    MassReport report = tally.report(2, NOW);
    assertThat(again).isFalse();
    assertThat(report.beyondUnknown()).containsExactly("v/a");
    assertThat(report.beyond()).containsExactly("v/b/9");
  }

  @Test
  void shouldSumUpToTheScopeWhateverComesTwiceAndInWhateverOrder() {
    tally.heard(settled("v/a/1", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));
    tally.heard(settled("v/a/2", CancelResult.REJECTED, Reason.ORDER_FILLED));
    tally.heard(settled("v/a/3", CancelResult.REJECTED, Reason.RATE_LIMITED));
    tally.heard(settled("v/a/4", CancelResult.UNRESOLVED, Reason.NO_ANSWER));
    tally.heard(frozen(0, Set.of("v", "w"), "v/a/1", "v/a/2", "v/a/5"));
    tally.heard(frozen(1, Set.of("v", "w"), "v/a/3"));
    tally.heard(frozen(0, Set.of("v", "w"), "v/a/1", "v/a/2"));
    tally.heard(settled("v/a/1", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));

    MassReport report = tally.report(1, NOW);

    assertThat(report.state()).isEqualTo(MassReport.State.RUNNING);
    assertThat(report.total()).isEqualTo(5);
    assertThat(report.canceled()).isEqualTo(1);
    assertThat(report.unresolved()).isEqualTo(1);
    assertThat(report.waiting()).isEqualTo(1);
    assertThat(report.rejected()).isEqualTo(Map.of(Reason.ORDER_FILLED, 1, Reason.RATE_LIMITED, 1));
    assertThat(report.mayBeOpen()).isEqualTo(3);
    assertThat(report.left())
        .extracting(MassReport.Left::order)
        .containsExactly("v/a/2", "v/a/3", "v/a/4", "v/a/5");
  }

  @Test
  void shouldSayWhoHasNotToldYetAndCallNothingNeverSeenBefore() {
    // Given: a dry run, whose last report may be one that is not done
    var dry = new MassTally(mass(MassScope.ALL, true), DEADLINE, 2, Set.of("v", "w"));
    dry.heard(frozen(0, Set.of("v"), "v/a/1"));

    MassReport report = dry.report(1, NOW);

    assertThat(report.state()).isEqualTo(MassReport.State.FREEZING);
    assertThat(report.notCovered())
        .containsExactly(
            "partition 0: no desk has told its scope of [w]",
            "partition 1: no desk has told its scope");
  }

  @Test
  void shouldSayWhoHasToldNothingWhenTheTimeIsOver() {
    tally.heard(frozen(0, Set.of("v", "w")));

    MassReport report = tally.report(1, DEADLINE.plus(MassTally.GRACE));

    assertThat(report.state()).isEqualTo(MassReport.State.INCOMPLETE);
    assertThat(report.notCovered()).contains("partition 1: no desk has told its scope");
  }

  @Test
  void shouldReportThousandsOfAccountsInOneRecordAndSayThatThereAreMore() {
    // Given: each was last heard of long ago
    List<AccountSeen> accounts =
        IntStream.range(0, 7_000)
            .mapToObj(i -> new AccountSeen("v", "a" + i, 1, 0, 0, NOW.minus(Duration.ofDays(3))))
            .toList();
    tally.heard(
        new MassPart.Frozen(0, Set.of("v", "w"), List.of(), true, accounts, List.of(), false));

    // When
    MassReport report = tally.report(1, NOW);

    // Then
    assertThat(report.accounts()).hasSize(MassTally.MOST_LEFT);
    assertThat(report.notCovered())
        .hasSize(MassTally.MOST_LEFT + 1)
        .last()
        .asString()
        .contains("more are not shown");
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    var check = new MassCheck(Duration.ofHours(1));

    assertThat(check.check(mass(MassScope.of(null, null), false), NOW))
        .isInstanceOfSatisfying(
            MassCheck.Refused.class, refused -> assertThat(refused.text()).contains("empty"));
    assertThat(
            check.check(
                mass(new MassScope(true, "v", null, null, null, null, null, null, null), false),
                NOW))
        .isInstanceOf(MassCheck.Refused.class);
    assertThat(check.check(mass(MassScope.ALL, false), DEADLINE))
        .isInstanceOf(MassCheck.Refused.class);
    assertThat(check.check(mass(MassScope.ALL, false), NOW)).isInstanceOf(MassCheck.Taken.class);
  }

  @Test
  void shouldSumUpOnlyWhatWasOpenWhenAKillSwitchFired() {
    // Given
    var fired =
        new MassCancel("m", MassScope.ALL, "ops", "drill", DEADLINE, false, false, NOW, true, null);
    var tally = new MassTally(fired, DEADLINE, 1, Set.of("v"));
    tally.heard(frozen(0, Set.of("v"), "v/a/1"));
    // When: an order that opened later has its outcome, too
    boolean late = tally.heard(settled("v/a/2", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));
    boolean its = tally.heard(settled("v/a/1", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));
    // Then
    assertThat(late).isFalse();
    assertThat(its).isTrue();
    assertThat(tally.report(1, NOW).total()).isEqualTo(1);
  }

  @Test
  void shouldKeepTheScopeOfAKillSwitchWhenADeskThatBeginsAnewTellsMore() {
    // Given: its report is done
    var fired =
        new MassCancel("m", MassScope.ALL, "ops", "drill", DEADLINE, false, false, NOW, true, null);
    var tally = new MassTally(fired, DEADLINE, 1, Set.of("v"));
    tally.heard(frozen(0, Set.of("v"), "v/a/1"));
    tally.heard(settled("v/a/1", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE));
    tally.heard(settled("v/a/2", CancelResult.REJECTED, Reason.RATE_LIMITED));
    // When: what opened later, and had its outcome, is open still
    boolean again = tally.heard(frozen(0, Set.of("v"), "v/a/1", "v/a/2"));
    // Then
    assertThat(again).isFalse();
    assertThat(tally.report(2, NOW).state()).isEqualTo(MassReport.State.DONE);
    assertThat(tally.report(2, NOW).total()).isEqualTo(1);
  }

  private static MassPart frozen(int partition, Set<String> venues, String... orders) {
    Instant word = venues.contains("v") ? NOW : null;
    return new MassPart.Frozen(
        partition,
        venues,
        List.of(orders),
        true,
        List.of(new AccountSeen(venues.contains("v") ? "v" : "w", "a", orders.length, 0, 0, word)),
        List.of(),
        false);
  }

  private static MassPart settled(String order, CancelResult result, Reason reason) {
    return new MassPart.Settled(order, MassIntents.cancelId("m", order), result, reason, INTENT);
  }

  private static MassCancel mass(MassScope scope, boolean dryRun) {
    return new MassCancel("m", scope, "ops", "drill", DEADLINE, dryRun, false, NOW);
  }
}
