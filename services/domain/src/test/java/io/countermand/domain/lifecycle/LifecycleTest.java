package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.DEADLINE;
import static io.countermand.domain.Cancels.GRACE;
import static io.countermand.domain.Cancels.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.Cancels;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One cancel from intent to outcome; every effect, in order. */
class LifecycleTest {

  private static final long END = DEADLINE + GRACE;
  private static final Reply AMBIGUOUS = new Reply.Ambiguous(ReplyDetails.NOTHING);
  private static final Reply NOT_OPEN = new Reply.NotOpen(ReplyDetails.NOTHING);
  private static final Reply NOT_SENT =
      new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.NOTHING);
  private static final Reply REFUSED =
      new Reply.Refused(Reason.VENUE_REFUSED, ReplyDetails.NOTHING);

  private static final DeskDecision QUEUE_FULL =
      new DeskDecision.Refuse(Reason.QUEUE_FULL, "", null);

  private final Cancel c1 = cancel("c1", 1);
  private final LedgerDriver ledger = new LedgerDriver(true);
  private final LedgerDriver blind = new LedgerDriver(false);

  @Test
  void shouldBeCancelledByTheVenuesWord() {
    ledger
        .routed(c1)
        .started(c1, "a1", 1)
        .replied(c1, "a1", new Reply.Canceled(ReplyDetails.NOTHING), 2);

    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
    assertThat(ledger.last.attempts()).hasSize(1);
    assertThat(ledger.last.decidedBy()).isEqualTo(DecidedBy.VENUE);
  }

  @Test
  void shouldTakeMarkerAndReplyBeforeTheDecisionAndTheIntent() {
    ledger
        .started(c1, "a1", 1)
        .replied(c1, "a1", new Reply.Canceled(ReplyDetails.NOTHING), 2)
        .desk(c1, new DeskDecision.Route(null), 3)
        .intent(c1);

    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldNumberTheNextAttemptAfterOneThatWasMarkedBeforeTheDesksWord() {
    ledger
        .intent(c1)
        .started(c1, "a1", 1)
        .replied(c1, "a1", AMBIGUOUS, 2)
        .desk(c1, new DeskDecision.Route(null), 3)
        .timer("c1");

    assertThat(ledger.effects()).containsExactly("ask CANCEL c1 #2");
    assertThat(ledger.open("c1").cancelTries()).isEqualTo(2);
  }

  @Test
  void shouldNumberTheNextAttemptAfterAnAnswerWithoutMarkerBeforeTheDesksWord() {
    ledger
        .intent(c1)
        .replied(c1, "a1", NOT_SENT, 2)
        .desk(c1, new DeskDecision.Route(null), 3)
        .timer("c1");

    assertThat(ledger.effects()).containsExactly("ask CANCEL c1 #2");
  }

  @Test
  void shouldNotStampAnOutcomeBeforeTheOrdersEndThoughTheReplyIsOlder() {
    ledger
        .routed(c1)
        .started(c1, "a1", 1)
        .order(OrdStatus.CANCELED, 9)
        .replied(c1, "a1", AMBIGUOUS, 3);

    assertThat(ledger.effects()).containsExactly("settle c1 CANCELED CONFIRMED_BY_ORDER_EVENT");
    assertThat(ledger.last.decidedAt()).isEqualTo(Cancels.at(9));
  }

  @Test
  void shouldRejectAnOrderThatIsNotOpenIfNoOtherAttemptCanBeWhy() {
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", NOT_OPEN, 2);

    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
  }

  @Test
  void shouldFindOutBeforeItRejectsAfterAnUnansweredAttempt() {
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", AMBIGUOUS, 2).timer("c1");
    assertThat(ledger.effects()).containsExactly("ask CANCEL c1 #2");

    ledger.started(c1, "a2", 300).replied(c1, "a2", NOT_OPEN, 301).timer("c1");
    assertThat(ledger.effects()).containsExactly("ask STATUS c1 #3");

    ledger
        .asked(c1, "a3", 302)
        .replied(c1, "a3", RequestKind.STATUS, status(OrdStatus.CANCELED), 303);
    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_STATUS");
  }

  @Test
  void shouldGiveUpAnAttemptThatIsNeverAnsweredAndSayThatNobodyKnows() {
    blind.routed(c1).started(c1, "a1", 1).timer("c1");
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #2");

    // The venue cannot be asked, so cancels follow until the deadline.
    blind.started(c1, "a2", 1100).timer("c1");
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #3");

    blind.timer("c1", END);
    assertThat(blind.effects()).containsExactly("settle c1 UNRESOLVED NO_ANSWER");
  }

  @Test
  void shouldBelieveALateAnswerThatRulesALostAttemptOut() {
    blind.routed(c1).started(c1, "a1", 1).timer("c1", 1001);
    assertThat(blind.effects()).containsExactly("ask CANCEL c1 #2");

    blind.replied(c1, "a1", NOT_SENT, 1002).timer("c1", END);

    assertThat(blind.effects()).containsExactly("settle c1 REJECTED VENUE_UNAVAILABLE");
  }

  @Test
  void shouldRememberAFinalAnswerUntilTheOtherAttemptIsRuledOut() {
    ledger.routed(c1).started(c1, "a1", 1).started(c1, "a2", 2).replied(c1, "a2", REFUSED, 3);
    assertThat(ledger.effects()).isEmpty();

    ledger.replied(c1, "a1", NOT_SENT, 4);

    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED VENUE_REFUSED");
  }

  @Test
  void shouldWaitForTheConfirmationOfAnAcceptedCancel() {
    blind
        .routed(c1)
        .started(c1, "a1", 1)
        .replied(c1, "a1", new Reply.Accepted(ReplyDetails.NOTHING), 2);

    blind.order(OrdStatus.CANCELED, 3);

    assertThat(blind.effects()).containsExactly("settle c1 CANCELED CONFIRMED_BY_ORDER_EVENT");
  }

  @Test
  void shouldEndPendingWhenNobodyConfirms() {
    blind
        .routed(c1)
        .started(c1, "a1", 1)
        .replied(c1, "a1", new Reply.Accepted(ReplyDetails.NOTHING), 2);

    blind.timer("c1", 301).timer("c1", 1502);

    assertThat(blind.effects()).containsExactly("settle c1 PENDING NOT_CONFIRMED");
  }

  @Test
  void shouldRejectAnAcceptedCancelOfAnOrderThatFilledAllTheSame() {
    blind
        .routed(c1)
        .started(c1, "a1", 1)
        .replied(c1, "a1", new Reply.Accepted(ReplyDetails.NOTHING), 2);

    blind.order(OrdStatus.FILLED, 3);

    assertThat(blind.effects()).containsExactly("settle c1 REJECTED ORDER_FILLED");
  }

  @Test
  void shouldRetryWhatWasNotHandledWhenTheVenueSays() {
    var later = new Reply.RetryLater(Cancels.at(5000), "ticket", ReplyDetails.NOTHING);
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", later, 2);

    assertThat(ledger.open("c1").nextAt()).isEqualTo(Cancels.at(5000));
    assertThat(ledger.open("c1").continuation()).isEqualTo("ticket");
    assertThat(ledger.timer("c1", 5000).effects()).containsExactly("ask CANCEL c1 #2");
    assertThat(ledger.timer("c1", END).effects())
        .containsExactly("settle c1 REJECTED RATE_LIMITED");
  }

  @Test
  void shouldLookForItsOwnMarkerBeforeItCallsACancelledOrderAnothersWork() {
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", NOT_SENT, 2);
    LedgerEvent.TimerFired retry = pendingTimer();
    ledger.order(OrdStatus.CANCELED, 50);

    ledger.feed(retry); // written before the order's end was seen: not good enough
    assertThat(ledger.effects()).isEmpty();

    ledger.started(c1, "a2", 40).replied(c1, "a2", new Reply.Canceled(ReplyDetails.NOTHING), 60);
    assertThat(ledger.effects()).containsExactly("settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldCallACancelledOrderAnothersWorkOnceNoMarkerCanBeUnread() {
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", NOT_SENT, 2);

    ledger.order(OrdStatus.CANCELED, 50).timer("c1");

    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_CANCELED");
  }

  @Test
  void shouldEndWhatNobodyTriedAtTheDeadline() {
    ledger.routed(c1).timer("c1", END - 1);
    assertThat(ledger.effects()).isEmpty();

    ledger.timer("c1", END);
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED DEADLINE_PASSED");
    assertThat(ledger.last.decidedBy()).isEqualTo(DecidedBy.DEADLINE);
  }

  @Test
  void shouldBelieveTheDeskThatTheOrderHasEnded() {
    var refuse = new DeskDecision.Refuse(Reason.ORDER_FILLED, "", Cancels.state(OrdStatus.FILLED));

    ledger.intent(c1).desk(c1, refuse, 5).desk(c1, refuse, 6);

    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_FILLED");
    assertThat(ledger.last.ordStatus()).isEqualTo(OrdStatus.FILLED);
  }

  @Test
  void shouldWaitForAForgottenRequestWhenTheDeskSaysThatTheDeadlineHasPassed() {
    var refuse = new DeskDecision.Refuse(Reason.DEADLINE_PASSED, "", null);
    ledger.intent(c1).desk(c1, refuse, DEADLINE + 1);
    assertThat(ledger.effects()).isEmpty();

    ledger
        .started(c1, "a1", DEADLINE - 1)
        .replied(c1, "a1", new Reply.Canceled(ReplyDetails.NOTHING), 1);

    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldBelieveTheDeskAboutADeadlineOnceTheGraceIsOver() {
    ledger.intent(c1).desk(c1, new DeskDecision.Refuse(Reason.DEADLINE_PASSED, "", null), END);

    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED DEADLINE_PASSED");
  }

  @Test
  void shouldFollowTheCallOfACancelThatWasRefusedForAFullQueueBeforeACrash() {
    ledger.intent(c1).desk(c1, QUEUE_FULL, 1);
    assertThat(ledger.effects()).isEmpty();

    ledger.desk(c1, new DeskDecision.Route(null), 2).started(c1, "a1", 3);
    ledger.replied(c1, "a1", new Reply.Canceled(ReplyDetails.NOTHING), 4);

    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldSayThatTheQueueWasFullOnceTheGraceIsOver() {
    ledger.intent(c1).desk(c1, QUEUE_FULL, 1).timer("c1", END);

    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED QUEUE_FULL");
  }

  @Test
  void shouldAskAgainForACallThatStartedAtOnceAndWasNeverMarked() {
    ledger.routed(c1).timer("c1");

    assertThat(ledger.effects()).containsExactly("ask CANCEL c1 #2");
  }

  @Test
  void shouldAskAgainForAQueuedCallThatWasDecidedAgainAndIsKeptByNobody() {
    for (DeskDecision again :
        List.of(
            new DeskDecision.Route(null),
            new DeskDecision.Join("c0", null),
            QUEUE_FULL,
            new DeskDecision.Refuse(Reason.TOO_MANY_PENDING, "", null))) {
      // Given
      var queued = new LedgerDriver(true).intent(c1);
      queued.desk(c1, new DeskDecision.Route(null, true, null), 0);

      // When
      queued.desk(c1, again, 1).timer("c1");

      // Then
      assertThat(queued.effects()).as(again.toString()).containsExactly("ask CANCEL c1 #2");
    }
  }

  @Test
  void shouldAnswerOnceAndSendOtherContentToDeadLetters() {
    Cancel other = cancel("c1", 2, DEADLINE, true);
    ledger.routed(c1).intent(other).intent(cancel("c1", 3));
    assertThat(ledger.effects()).containsExactly("conflict c1");

    ledger.started(c1, "a1", 1).replied(c1, "a1", NOT_OPEN, 2).intent(other).intent(c1);
    assertThat(ledger.effects())
        .containsExactly("settle c1 REJECTED ORDER_NOT_OPEN", "conflict c1");
  }

  @Test
  void shouldLearnFromAnAnswerThatComesAfterTheOutcome() {
    ledger.routed(c1).started(c1, "a1", 1).timer("c1", END);
    ledger.effects();

    ledger.replied(c1, "a1", new Reply.Canceled(ReplyDetails.NOTHING), END + 1);

    assertThat(ledger.effects()).containsExactly("tell CANCELED", "find c1 RESOLVED");
  }

  @Test
  void shouldAskAgainWhenNobodyMarkedACallThatWasToStartAtOnce() {
    ledger.routed(c1);
    LedgerEvent.TimerFired unmarked = pendingTimer();
    assertThat(unmarked.due()).isBefore(c1.deadline());

    ledger.feed(unmarked);

    assertThat(ledger.effects()).containsExactly("ask CANCEL c1 #2");
    assertThat(ledger.open("c1").phase()).isEqualTo(Phase.ASKED);
  }

  @Test
  void shouldNotAskAgainForACallThatTheDeskKeeps() {
    ledger.intent(c1).desk(c1, new DeskDecision.Route(null, true, new QueueView(3, 9)), 0);

    assertThat(pendingTimer().due()).isAfterOrEqualTo(c1.deadline());
  }

  @Test
  void shouldNotAskAgainForACallThatWasMarked() {
    ledger.routed(c1);
    LedgerEvent.TimerFired unmarked = pendingTimer();
    ledger.started(c1, "a1", 1);

    assertThat(ledger.feed(unmarked).effects()).isEmpty();
  }

  @Test
  void shouldIgnoreATimerForSomethingElse() {
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", NOT_SENT, 2);
    LedgerEvent.TimerFired retry = pendingTimer();
    ledger.started(c1, "a2", 3);

    assertThat(ledger.feed(retry).effects()).isEmpty();
    assertThat(ledger.open("c1").phase()).isEqualTo(Phase.CALLING);
  }

  private LedgerEvent.TimerFired pendingTimer() {
    var due = ledger.open("c1").wake(Cancels.rules(true));
    return new LedgerEvent.TimerFired(c1, due, Cancels.AT, due.plusMillis(900));
  }

  private static Reply status(OrdStatus status) {
    return new Reply.Status(ReplyDetails.NOTHING.withStatus(status, null));
  }
}
