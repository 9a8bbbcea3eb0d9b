package io.countermand.audit.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.Difference;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Everything;
import io.countermand.audit.check.Findings;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.AccountSeen;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.mass.MassTally;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A kill switch of one partition as it happened, and the same with one thing wrong: fired at second
 * 10 and released at second 300, with order 1 open before, order 2 opened under it and order 3
 * after its release.
 */
class MassChecksTest {

  private static final Instant START = Instant.parse("2026-11-28T08:00:00Z");
  private static final AuditScope EVERYTHING = new Everything(START.plus(Duration.ofDays(1)));
  private static final int FIRE = 10;
  private static final int RELEASE = 300;

  private final MassCancel mass =
      new MassCancel(
          "m",
          new MassScope(false, null, null, null, null, "t", null, null, null),
          "ops",
          "drill",
          at(600),
          false,
          false,
          at(FIRE),
          true,
          null);
  private final MassRecords records = new MassRecords(mass);
  private final List<OrderEvent> events = new ArrayList<>();
  private final List<String> frozen = new ArrayList<>(List.of("v/a/1"));
  private int partitions = 1;
  private boolean on;
  private boolean late;
  private int read = Integer.MAX_VALUE;
  private int offset;

  MassChecksTest() {
    event("v/a/1", OrdStatus.NEW, 0, "t");
    event("v/b/9", OrdStatus.NEW, 1, "u");
    event("v/a/8", OrdStatus.NEW, 2, "t");
    event("v/a/8", OrdStatus.FILLED, 3, null);
    event("v/a/2", OrdStatus.NEW, 100, "t");
    event("v/a/3", OrdStatus.NEW, 310, "t");
    cancel("v/a/1", 10);
    cancel("v/a/2", 100);
  }

  @Test
  void shouldFindNothingInOneAsItHappened() {
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAPartitionThatWasForgotten() {
    partitions = 2;
    assertThat(found()).contains(DifferenceKind.MASS_NOT_EVERYWHERE);
  }

  @Test
  void shouldFindASwitchThatIsShownOnAfterItsRelease() {
    on = true;
    assertThat(found()).containsExactly(DifferenceKind.MASS_NOT_EVERYWHERE);
  }

  @Test
  void shouldFindAReportThatDoesNotSumUp() {
    Findings findings = check(tally -> tally.heard(settled("v/a/1", CancelResult.REJECTED)));
    assertThat(findings.kinds.keySet()).containsExactly(DifferenceKind.MASS_REPORT_DIFFERS);
    assertThat(findings.differences.getFirst().evidence())
        .containsExactly(new Evidence(Topics.MASS_REPORTS, 0, 0));
  }

  @Test
  void shouldFindAnOutcomeThatWasNotTold() {
    records.parts.removeIf(
        heard -> heard.part() instanceof MassPart.Settled one && one.order().equals("v/a/2"));
    assertThat(found()).containsExactly(DifferenceKind.MASS_OUTCOME_NOT_TOLD);
  }

  @Test
  void shouldFindAnOutcomeThatWasToldAsAnother() {
    records.outcomes.put(
        "v/a/1",
        List.of(
            new MassRecords.Answered(
                id("v/a/1"),
                CancelResult.REJECTED,
                Reason.RATE_LIMITED,
                place(Topics.OUTCOMES, 11))));
    assertThat(found()).containsExactly(DifferenceKind.MASS_OUTCOME_NOT_TOLD);
  }

  @Test
  void shouldFindAnOrderOfTheScopeWithoutOutcome() {
    event("v/a/4", OrdStatus.NEW, 4, "t");
    frozen.add("v/a/4");
    Findings findings = check(_ -> {});
    assertThat(findings.kinds.keySet()).containsExactly(DifferenceKind.MASS_ORDER_WITHOUT_OUTCOME);
    assertThat(findings.differences.getFirst().text()).contains("no intent");
  }

  @Test
  void shouldFindASurvivor() {
    event("v/a/4", OrdStatus.NEW, 4, "t");
    Findings findings = check(_ -> {});
    assertThat(findings.kinds.keySet()).containsExactly(DifferenceKind.MASS_ORDER_MISSED);
    Difference one = findings.differences.getFirst();
    assertThat(one.order()).isEqualTo("v/a/4");
    assertThat(one.cancelId()).isEqualTo(id("v/a/4"));
    assertThat(one.evidence())
        .extracting(Evidence::topic)
        .containsExactly(Topics.ORDER_EVENTS, Topics.MASS_COMMANDS);
  }

  @Test
  void shouldNotAskForWhatADeskSaidItHadNotLookedAt() {
    event("v/a/4", OrdStatus.NEW, 4, "t");
    late = true;
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindACancelOutsideTheScope() {
    cancel("v/b/9", 100);
    assertThat(found()).containsExactly(DifferenceKind.MASS_OUT_OF_SCOPE);
  }

  @Test
  void shouldFindACancelThatClosesAPosition() {
    assertThat(found(Set.of("v"))).contains(DifferenceKind.MASS_OUT_OF_SCOPE);
  }

  @Test
  void shouldFindAnOrderThatOpenedUnderTheSwitchAndHasNoCancel() {
    event("v/a/5", OrdStatus.NEW, 200, "t");
    assertThat(found()).containsExactly(DifferenceKind.SWITCH_ORDER_MISSED);
  }

  @Test
  void shouldNotAskForWhatNoDeskHadReadWhenItWasReleased() {
    event("v/a/5", OrdStatus.NEW, 200, "t");
    read = 100;
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindACancelOfAnOrderThatOpenedAfterTheRelease() {
    cancel("v/a/3", 400);
    assertThat(found()).containsExactly(DifferenceKind.SWITCH_AFTER_RELEASE);
  }

  private interface Change {
    void of(MassTally tally);
  }

  private Set<DifferenceKind> found(String... closing) {
    return found(Set.of(closing));
  }

  private Set<DifferenceKind> found(Set<String> closing) {
    return check(_ -> {}, closing).kinds.keySet();
  }

  private Findings check(Change reported) {
    return check(reported, Set.of());
  }

  /**
   * @param reported what the report has heard besides
   */
  private Findings check(Change reported, Set<String> closing) {
    records.commands.put(0, place(Topics.MASS_COMMANDS, FIRE));
    records.releases.put(0, place(Topics.MASS_COMMANDS, RELEASE));
    var release = new KillSwitch.Release("r", "ops", "over", at(RELEASE));
    records.shown =
        new MassRecords.Shown(
            new KillSwitch(mass, at(FIRE), on ? null : release),
            place(Topics.KILL_SWITCHES, RELEASE));
    records.parts.addFirst(
        new MassRecords.Heard(
            new MassPart.Frozen(
                0,
                Set.of("v"),
                frozen,
                true,
                List.of(new AccountSeen("v", "a", frozen.size(), 0, 0, at(0))),
                List.of(new Evidence(Topics.ORDER_EVENTS, 0, 5)),
                late),
            place(Topics.MASS_PROGRESS, FIRE)));
    var tally =
        new MassTally(mass, Objects.requireNonNull(mass.deadline()), partitions, Set.of("v"));
    records.parts.forEach(heard -> tally.heard(heard.part()));
    reported.of(tally);
    records.report =
        new MassRecords.Said(
            tally.report(7, at(700)),
            new MassRecords.At(new Evidence(Topics.MASS_REPORTS, 0, 0), at(700)));
    var reading = new TableReading();
    for (int i = 0; i < events.size(); i++) {
      Instant published = events.get(i).observedAt();
      if (!published.isAfter(at(Math.min(read, 100_000)))) {
        reading.see("v", new Evidence(Topics.ORDER_EVENTS, 0, i), published);
      }
    }
    var scopes = new ScopeReader(0, List.of(records), reading, Instant.EPOCH, at(10_000), 1_000);
    for (int i = 0; i < events.size(); i++) {
      OrderEvent one = events.get(i);
      scopes.see(one, new Evidence(Topics.ORDER_EVENTS, 0, i), one.observedAt());
    }
    scopes.finish();
    var findings = new Findings(EVERYTHING);
    new MassChecks(
            EVERYTHING, Set.of("v"), closing, Duration.ofDays(1), partitions, findings, _ -> true)
        .check(records, true);
    return findings;
  }

  private void event(String key, OrdStatus status, int second, @Nullable String trader) {
    String[] parts = key.split("/", -1);
    var event =
        new OrderEvent(
            new OrderRef(parts[0], parts[1], parts[2]),
            null,
            status,
            null,
            null,
            null,
            null,
            null,
            at(second),
            null,
            false,
            "test",
            null,
            at(second),
            OrderDetails.of(null, null, trader, null, null, null));
    int index = 0;
    while (index < events.size() && !events.get(index).observedAt().isAfter(at(second))) {
      index++;
    }
    events.add(index, event);
  }

  private void cancel(String order, int second) {
    records
        .intents
        .computeIfAbsent(order, _ -> new ArrayList<>())
        .add(place(Topics.INTENTS, second));
    records.outcomes.put(
        order,
        List.of(
            new MassRecords.Answered(
                id(order),
                CancelResult.CANCELED,
                Reason.CONFIRMED_BY_VENUE,
                place(Topics.OUTCOMES, second + 1))));
    records.parts.add(
        new MassRecords.Heard(
            settled(order, CancelResult.CANCELED), place(Topics.MASS_PROGRESS, second + 1)));
  }

  private static MassPart.Settled settled(String order, CancelResult result) {
    return new MassPart.Settled(
        order,
        id(order),
        result,
        result == CancelResult.CANCELED ? Reason.CONFIRMED_BY_VENUE : Reason.RATE_LIMITED,
        new Evidence(Topics.INTENTS, 0, 0));
  }

  private static String id(String order) {
    return MassIntents.cancelId("m", order);
  }

  private MassRecords.At place(String topic, int second) {
    return new MassRecords.At(new Evidence(topic, 0, offset++), at(second));
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }
}
