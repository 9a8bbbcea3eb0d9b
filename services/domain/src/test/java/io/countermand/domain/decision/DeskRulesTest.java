package io.countermand.domain.decision;

import static io.countermand.domain.Cancels.at;
import static io.countermand.domain.Cancels.cancel;
import static io.countermand.domain.Cancels.outcome;
import static io.countermand.domain.Cancels.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Cancels;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskDecision.Join;
import io.countermand.domain.decision.DeskDecision.Refuse;
import io.countermand.domain.decision.DeskDecision.Repeat;
import io.countermand.domain.decision.DeskDecision.Route;
import io.countermand.domain.decision.DeskOrder.Flight;
import io.countermand.domain.decision.DeskOrder.Past;
import io.countermand.domain.decision.DeskOrder.Refusal;
import io.countermand.domain.order.OrdStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The desk's rules, one test per row of {@link DeskRules}. */
class DeskRulesTest {

  private static final Duration SLACK = Duration.ofMillis(4000);
  private static final Instant NOW = at(1000);
  private static final Instant LIVE = at(14_000);

  private final DeskRules rules = new DeskRules(Set.of("v", "w"), SLACK);

  @Test
  void shouldRepeatWhatWasSettledLately() {
    assertThat(decide(settled("digest"), cancel("c1", 9))).isEqualTo(new Repeat());
  }

  @Test
  void shouldRefuseOtherContentUnderASettledId() {
    assertThat(reason(settled("another"), cancel("c1", 9))).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void shouldRefuseAgainWhatItRefusedBeforeACrash() {
    // Given
    DeskOrder known = refused("digest");

    // When
    DeskDecision decision = decide(known, cancel("c1", 5));

    // Then
    assertThat(((Refuse) decision).reason()).isEqualTo(Reason.DEADLINE_PASSED);
    assertThat(rules.apply(known, cancel("c1", 5), decision)).isEqualTo(known);
  }

  @Test
  void shouldRouteTheLeaderAgainAfterACrash() {
    assertThat(decide(flying("c1", "digest"), cancel("c1", 5))).isEqualTo(new Route(null));
  }

  @Test
  void shouldNotRouteTheLeaderAgainOnceItsOrderHasEnded() {
    // Given
    DeskOrder known = flying("c1", "digest").withOrder(state(OrdStatus.FILLED));

    // Then
    assertThat(reason(known, cancel("c1", 5))).isEqualTo(Reason.ORDER_FILLED);
  }

  @Test
  void shouldRouteAnOverridingLeaderAgainThoughItsOrderHasEnded() {
    // Given
    Cancel cancel = cancel("c1", 5, Cancels.DEADLINE, true);
    DeskOrder known = flying("c1", "digest-o").withOrder(state(OrdStatus.FILLED));

    // Then
    assertThat(decide(known, cancel)).isEqualTo(new Route(state(OrdStatus.FILLED)));
  }

  @Test
  void shouldRepeatADuplicateOfTheLeaderOfOneThatJoinedAndOfOneRefused() {
    assertThat(decide(flying("c1", "digest"), cancel("c1", 9))).isEqualTo(new Repeat());
    assertThat(decide(joined("digest"), cancel("c1", 9))).isEqualTo(new Repeat());
    assertThat(decide(refused("digest"), cancel("c1", 9))).isEqualTo(new Repeat());
  }

  @Test
  void shouldRefuseOtherContentUnderALiveId() {
    assertThat(reason(flying("c1", "x"), cancel("c1", 9))).isEqualTo(Reason.MALFORMED);
    assertThat(reason(joined("x"), cancel("c1", 9))).isEqualTo(Reason.MALFORMED);
    assertThat(reason(refused("x"), cancel("c1", 9))).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void shouldTakeAnyContentForASuccessorItNeverSaw() {
    assertThat(decide(flying("c1", ""), cancel("c1", 9))).isEqualTo(new Repeat());
  }

  @Test
  void shouldRefuseAVenueThatIsNotConfigured() {
    // Given
    var elsewhere = new DeskRules(Set.of("b", "a"), SLACK);

    // When
    var refuse = (Refuse) elsewhere.decide(DeskOrder.NONE, cancel("c1", 5), NOW);

    // Then
    assertThat(refuse.reason()).isEqualTo(Reason.UNKNOWN_VENUE);
    assertThat(refuse.text()).contains("'v'", "a, b");
  }

  @Test
  void shouldRefuseFromTheDeadlineOn() {
    assertThat(rules.decide(DeskOrder.NONE, cancel("c1", 5), at(Cancels.DEADLINE - 1)))
        .isEqualTo(new Route(null));
    assertThat(
            ((Refuse) rules.decide(DeskOrder.NONE, cancel("c1", 5), at(Cancels.DEADLINE))).reason())
        .isEqualTo(Reason.DEADLINE_PASSED);
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseTerminalOrdersUnlessOverridden(OrdStatus status) {
    // Given
    DeskOrder known = DeskOrder.NONE.withOrder(state(status));

    // When
    DeskDecision plain = decide(known, cancel("c1", 5));
    DeskDecision override = decide(known, cancel("c1", 5, Cancels.DEADLINE, true));

    // Then
    assertThat(override).isEqualTo(new Route(state(status)));
    if (status.terminal()) {
      assertThat(((Refuse) plain).reason()).isEqualTo(Reason.ofEnded(status));
    } else {
      assertThat(plain).isEqualTo(new Route(state(status)));
    }
  }

  @Test
  void shouldJoinTheLiveCancel() {
    // Given
    DeskOrder known = flying("c0", "digest");

    // When
    DeskDecision decision = decide(known, cancel("c1", 5));

    // Then
    assertThat(decision).isEqualTo(new Join("c0", null));
    assertThat(rules.apply(known, cancel("c1", 5), decision).joined())
        .containsExactly(new Flight("c1", "digest", 5, LIVE));
  }

  @Test
  void shouldRouteWhatWasFoundThoughItsTableSaysThatAnotherLeads() {
    // Given a table that has fallen behind what waits
    DeskOrder behind = flying("c0", "digest");
    assertThat(decide(behind, cancel("c1", 5))).isInstanceOf(Join.class);

    // Then
    assertThat(rules.decideFound(behind, cancel("c1", 5), NOW)).isEqualTo(new Route(null));
    assertThat(new DeskRules(Set.of("v"), SLACK, 0).decideFound(behind, cancel("c1", 5), NOW))
        .isEqualTo(new Route(null));
  }

  @Test
  void shouldForgetNobodyWhereWhatWasFoundLeadsAgain() {
    // Given a table that fell behind: another leads, and calls
    var known =
        new DeskOrder(
            null,
            flight("c0", "digest"),
            List.of(flight("c1", "digest"), flight("c2", "d2")),
            List.of(),
            List.of());
    // When
    DeskOrder next = rules.applyFound(known, cancel("c1", 5), new Route(null), NOW);
    // Then
    assertThat(next.flight()).isEqualTo(flight("c1", "digest"));
    assertThat(next.joined()).containsExactly(flight("c0", "digest"), flight("c2", "d2"));
    assertThat(next.settled(settle("c1", null), SLACK).flight()).isEqualTo(flight("c0", "digest"));
    assertThat(rules.applyFound(known, cancel("c1", 5), new Route(null), LIVE).joined())
        .containsExactly(flight("c2", "d2"));
  }

  @Test
  void shouldRefuseWhatWasFoundWhereItsOrderOrItsTimeIsOver() {
    DeskOrder ended = DeskOrder.NONE.withOrder(state(OrdStatus.FILLED));
    assertThat(((Refuse) rules.decideFound(ended, cancel("c1", 5), NOW)).reason())
        .isEqualTo(Reason.ORDER_FILLED);
    assertThat(
            ((Refuse) rules.decideFound(DeskOrder.NONE, cancel("c1", 5), at(Cancels.DEADLINE)))
                .reason())
        .isEqualTo(Reason.DEADLINE_PASSED);
  }

  @Test
  void shouldRouteOnceTheFlightIsOverForCertain() {
    assertThat(rules.decide(flying("c0", "digest"), cancel("c1", 5, 60_000, false), LIVE))
        .isEqualTo(new Route(null));
  }

  @Test
  void shouldJoinWhileOneThatJoinedIsLiveThoughTheFlightIsOver() {
    // Given
    var late = new Flight("c9", "digest", 4, at(30_000));
    var known = new DeskOrder(null, flight("c0", "digest"), List.of(late), List.of(), List.of());

    // Then
    assertThat(rules.decide(known, cancel("c1", 5, 60_000, false), LIVE))
        .isEqualTo(new Join("c0", null));
  }

  @Test
  void shouldRefuseWhenTooManyWait() {
    // Given
    List<Flight> many = new ArrayList<>();
    for (int i = 0; i < DeskRules.MOST_JOINED; i++) {
      many.add(new Flight("j" + i, "digest", 10 + i, LIVE));
    }
    var known = new DeskOrder(null, flight("c0", "digest"), many, List.of(), List.of());

    // Then
    assertThat(reason(known, cancel("c1", 5))).isEqualTo(Reason.TOO_MANY_PENDING);
  }

  @Test
  void shouldNotCountThoseThatTheLedgerHasAnsweredForCertain() {
    // Given
    List<Flight> many = new ArrayList<>();
    for (int i = 0; i < DeskRules.MOST_JOINED; i++) {
      many.add(new Flight("j" + i, "digest", 10 + i, at(1)));
    }
    var known = new DeskOrder(null, flight("c0", "digest"), many, List.of(), List.of());

    // Then
    assertThat(rules.decide(known, cancel("c1", 5), at(1))).isEqualTo(new Join("c0", null));
  }

  @Test
  void shouldRememberWhatItRoutedUntilTheLedgerMustHaveAnswered() {
    assertThat(rules.apply(DeskOrder.NONE, cancel("c1", 5), new Route(null)).flight())
        .isEqualTo(new Flight("c1", "digest", 5, LIVE));
  }

  @Test
  void shouldHandTheFlightToTheNamedSuccessor() {
    // Given
    var known =
        new DeskOrder(
            null,
            flight("c0", "digest"),
            List.of(flight("c1", "digest"), flight("c2", "d2")),
            List.of(),
            List.of());

    // When
    DeskOrder next = known.settled(settle("c0", "c2"), SLACK);

    // Then
    assertThat(next.flight()).isEqualTo(flight("c2", "d2"));
    assertThat(next.joined()).containsExactly(flight("c1", "digest"));
    assertThat(next.recent()).extracting(Past::cancelId).containsExactly("c0");
  }

  @Test
  void shouldHandTheFlightToTheFirstThatJoinedTooLateToBeASuccessor() {
    // Given
    DeskOrder known = flying("c0", "digest");
    known = rules.apply(known, cancel("c1", 6), new Join("c0", null));
    known = rules.apply(known, cancel("c2", 7), new Join("c0", null));

    // When
    DeskOrder next = known.settled(settle("c0", null), SLACK);

    // Then
    assertThat(next.flight()).isEqualTo(new Flight("c1", "digest", 6, LIVE));
    assertThat(decide(next, cancel("c3", 8))).isEqualTo(new Join("c1", null));
    assertThat(next.settled(settle("c1", null), SLACK).settled(settle("c2", null), SLACK).flight())
        .isNull();
  }

  @Test
  void shouldForgetOnlyWhatNobodyWaitsFor() {
    // Given
    Duration soon = Duration.ofMillis(100);

    // Then
    assertThat(DeskOrder.NONE.forgettable(NOW, soon, soon)).isTrue();
    assertThat(flying("c0", "d").forgettable(NOW, soon, soon)).isFalse();
    assertThat(flying("c0", "d").forgettable(LIVE, soon, soon)).isTrue();
    assertThat(refused("d").forgettable(NOW, soon, soon)).isFalse();
    assertThat(joined("d").forgettable(NOW, soon, soon)).isFalse();
    assertThat(
            DeskOrder.NONE
                .withOrder(state(OrdStatus.NEW))
                .forgettable(NOW, soon, Duration.ofDays(1)))
        .isFalse();
    assertThat(
            DeskOrder.NONE
                .withOrder(state(OrdStatus.FILLED))
                .forgettable(NOW, soon, Duration.ofDays(1)))
        .isTrue();
  }

  @Test
  void shouldRefuseWhenTheQueueIsFullAndOnlyThen() {
    DeskDecision full = rules.decide(DeskOrder.NONE, cancel("c1", 5), NOW, new QueueView(10, 10));
    DeskDecision room = rules.decide(DeskOrder.NONE, cancel("c1", 5), NOW, new QueueView(9, 10));

    assertThat(full)
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse -> {
              assertThat(refuse.reason()).isEqualTo(Reason.QUEUE_FULL);
              assertThat(refuse.seen()).isEqualTo(new QueueView(10, 10));
            });
    assertThat(room).isEqualTo(new DeskDecision.Route(null, false, new QueueView(9, 10)));
  }

  private DeskDecision decide(DeskOrder known, Cancel cancel) {
    return rules.decide(known, cancel, NOW);
  }

  private Reason reason(DeskOrder known, Cancel cancel) {
    return ((Refuse) decide(known, cancel)).reason();
  }

  private static Flight flight(String id, String digest) {
    return new Flight(id, digest, 5, LIVE);
  }

  private static DeskOrder flying(String id, String digest) {
    return new DeskOrder(null, flight(id, digest), List.of());
  }

  private static DeskOrder joined(String digest) {
    return new DeskOrder(
        null, flight("c0", "digest"), List.of(flight("c1", digest)), List.of(), List.of());
  }

  private static DeskOrder refused(String digest) {
    var refusal = new Refusal(flight("c1", digest), Reason.DEADLINE_PASSED);
    return new DeskOrder(null, null, List.of(), List.of(refusal), List.of());
  }

  private static DeskOrder settled(String digest) {
    return new DeskOrder(null, null, List.of(new Past("c1", digest, at(0))));
  }

  private static Outcome settle(String id, @Nullable String successor) {
    return outcome(
        cancel(id, 1),
        CancelResult.UNRESOLVED,
        Reason.NO_ANSWER,
        successor,
        successor == null ? null : at(Cancels.DEADLINE));
  }
}
