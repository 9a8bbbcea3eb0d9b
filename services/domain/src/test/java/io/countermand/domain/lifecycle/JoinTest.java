package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.DEADLINE;
import static io.countermand.domain.Cancels.GRACE;
import static io.countermand.domain.Cancels.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import org.junit.jupiter.api.Test;

/** Cancels that wait for another one of the same order. */
class JoinTest {

  private static final long END = DEADLINE + GRACE;
  private static final Reply CANCELED = new Reply.Canceled(ReplyDetails.NOTHING);

  private final Cancel c1 = cancel("c1", 1);
  private final Cancel c2 = cancel("c2", 2, 60_000, false);
  private final Cancel c3 = cancel("c3", 3, 60_000, false);
  private final LedgerDriver ledger = new LedgerDriver(false);

  @Test
  void shouldShareTheLeadersAnswer() {
    ledger.routed(c1).joined(c2, "c1").joined(c3, "c1").started(c1, "a1", 1);

    ledger.replied(c1, "a1", CANCELED, 2);

    assertThat(ledger.effects())
        .containsExactly(
            "tell CANCELED",
            "settle c1 CANCELED CONFIRMED_BY_VENUE",
            "settle c2 CANCELED CONFIRMED_BY_VENUE joined c1",
            "settle c3 CANCELED CONFIRMED_BY_VENUE joined c1");
  }

  @Test
  void shouldOutliveALeaderThatEndsWithoutAnAnswerForAll() {
    ledger.routed(c1).joined(c2, "c1").joined(c3, "c1").started(c1, "a1", 1).timer("c1", END);
    assertThat(ledger.effects())
        .containsExactly("settle c1 UNRESOLVED NO_ANSWER then c2", "ask CANCEL c2 #2");

    ledger.started(c2, "a2", 12_001).replied(c2, "a2", CANCELED, 12_002);
    assertThat(ledger.effects())
        .containsExactly(
            "tell CANCELED",
            "settle c2 CANCELED CONFIRMED_BY_VENUE joined c1",
            "settle c3 CANCELED CONFIRMED_BY_VENUE joined c2",
            "find c1 RESOLVED");
  }

  @Test
  void shouldInheritWhatTheLeadersAttemptsMayHaveDone() {
    ledger.routed(c1).joined(c2, "c1").started(c1, "a1", 1).timer("c1", END);
    ledger.effects();

    ledger.started(c2, "a2", 12_001);
    ledger.replied(c2, "a2", new Reply.NotOpen(ReplyDetails.NOTHING), 12_002);
    assertThat(ledger.effects()).isEmpty();

    ledger.order(OrdStatus.CANCELED, 12_003).timer("c2", 13_000);
    assertThat(ledger.effects())
        .containsExactly(
            "find c1 RESOLVED", "settle c2 CANCELED CONFIRMED_BY_ORDER_EVENT joined c1");
  }

  @Test
  void shouldTakeALateAnswerToTheLeadersAttemptForItsOwn() {
    ledger.routed(c1).joined(c2, "c1").started(c1, "a1", 1).timer("c1", END);
    ledger.effects();

    ledger.replied(c1, "a1", CANCELED, END + 1);

    assertThat(ledger.effects())
        .containsExactly(
            "tell CANCELED", "settle c2 CANCELED CONFIRMED_BY_VENUE joined c1", "find c1 RESOLVED");
  }

  @Test
  void shouldNotWaitLongerThanItsOwnDeadline() {
    Cancel hasty = cancel("c2", 2, 1000, false);
    ledger.routed(c1).joined(hasty, "c1").timer("c2", 1000 + GRACE);

    assertThat(ledger.effects())
        .containsExactly("settle c2 UNRESOLVED LEADER_STILL_OPEN joined c1");
  }

  @Test
  void shouldShareTheEndWithThoseThatHaveNoTimeLeftEither() {
    ledger.routed(c1).joined(cancel("c2", 2), "c1").timer("c1", END);

    assertThat(ledger.effects())
        .containsExactly(
            "settle c1 REJECTED DEADLINE_PASSED", "settle c2 REJECTED DEADLINE_PASSED joined c1");
  }

  @Test
  void shouldLeadItselfWhenTheLeaderHadEnded() {
    ledger.routed(c1).started(c1, "a1", 1);
    ledger.replied(c1, "a1", new Reply.NotOpen(ReplyDetails.NOTHING), 2);
    ledger.effects();

    ledger.joined(c2, "c1");

    assertThat(ledger.effects()).containsExactly("ask CANCEL c2 #1");
  }

  @Test
  void shouldJoinWhoeverLeadsWhenTheNamedLeaderHadEnded() {
    ledger.routed(c1).started(c1, "a1", 1);
    ledger.replied(c1, "a1", new Reply.NotOpen(ReplyDetails.NOTHING), 2).joined(c2, "c1");
    ledger.effects();

    ledger.joined(c3, "c1");

    assertThat(ledger.effects()).isEmpty();
    assertThat(ledger.open("c3").leader()).isEqualTo("c2");
  }

  @Test
  void shouldStopWaitingForALeaderWhenACallOfItsOwnIsMade() {
    ledger.routed(c1).joined(c2, "c1").started(c2, "a2", 1);
    ledger.replied(c2, "a2", new Reply.Refused(Reason.VENUE_REFUSED, ReplyDetails.NOTHING), 2);

    assertThat(ledger.effects()).containsExactly("settle c2 REJECTED VENUE_REFUSED");
    assertThat(ledger.open("c1").phase()).isEqualTo(Phase.ASKED);
  }

  @Test
  void shouldLeaveItToTheDeskHowManyCancelsOfAnOrderAreTooMany() {
    // Given more that the desk has not spoken of than it would let join
    for (int i = 0; i < DeskRules.MOST_JOINED; i++) {
      ledger.intent(cancel("x" + i, i));
    }
    ledger.intent(c1);
    assertThat(ledger.effects()).isEmpty();

    // When
    ledger.desk(c1, new DeskDecision.Route(null), 1).started(c1, "a1", 2);
    ledger.replied(c1, "a1", CANCELED, 3);

    // Then
    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldTakeUpWithTheDesksWordWhatItDidNotKeep() {
    // Given
    for (int i = 0; i < Lifecycle.MOST_KEPT; i++) {
      ledger.intent(cancel("x" + i, i));
    }

    // When
    ledger.intent(c1).desk(c1, new DeskDecision.Route(null), 1).started(c1, "a1", 2);
    ledger.replied(c1, "a1", CANCELED, 3);

    // Then
    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldNotClaimThatOneTooManyWasNeverSentWhileItsDeskMayDecideOtherwise() {
    // Given
    for (int i = 0; i < Lifecycle.MOST_KEPT; i++) {
      ledger.intent(cancel("x" + i, i));
    }

    // When
    ledger.desk(c1, new DeskDecision.Refuse(Reason.TOO_MANY_PENDING, "", null), 1);

    // Then
    assertThat(ledger.effects()).containsExactly("settle c1 UNRESOLVED TOO_MANY_PENDING");
  }
}
