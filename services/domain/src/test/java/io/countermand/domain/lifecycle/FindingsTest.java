package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.DEADLINE;
import static io.countermand.domain.Cancels.GRACE;
import static io.countermand.domain.Cancels.at;
import static io.countermand.domain.Cancels.cancel;
import static io.countermand.domain.Cancels.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.ReplyDetails;
import java.math.BigDecimal;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is learned of a cancel after its outcome; every effect, in order. */
class FindingsTest {

  private static final long END = DEADLINE + GRACE;
  private static final Reply ACCEPTED = new Reply.Accepted(ReplyDetails.NOTHING);
  private static final Reply AMBIGUOUS = new Reply.Ambiguous(ReplyDetails.NOTHING);
  private static final Reply CANCELED = new Reply.Canceled(ReplyDetails.NOTHING);

  private final Cancel c1 = cancel("c1", 1);
  private final Cancel c2 = cancel("c2", 2, DEADLINE + 60_000, false);
  private final LedgerDriver ledger = new LedgerDriver(false);

  @Test
  void shouldResolveAPendingCancelByTheOrdersEnd() {
    pending();

    ledger.order(end(OrdStatus.CANCELED, 9, "2"));

    assertThat(ledger.effects()).containsExactly("find c1 RESOLVED");
    Finding found = Objects.requireNonNull(ledger.found);
    assertThat(found.result()).isEqualTo(CancelResult.PENDING);
    assertThat(found.reason()).isEqualTo(Reason.NOT_CONFIRMED);
    assertThat(found.ordStatus()).isEqualTo(OrdStatus.CANCELED);
    assertThat(found.cumQty()).isEqualTo("2");
    assertThat(found.disputed()).isFalse();
    assertThat(found.text())
        .isEqualTo("the order is CANCELED, 2 executed; the outcome was PENDING NOT_CONFIRMED");
    assertThat(found.evidence()).containsExactly(new Evidence("cancel-progress", 0, 5));
    assertThat(found.decidedAt()).isEqualTo(ledger.last.decidedAt());
    assertThat(found.foundAt()).isEqualTo(ledger.last.decidedAt()); // the event is stamped earlier
  }

  @Test
  void shouldResolveAnUnresolvedCancelByALateAnswer() {
    unresolved();

    ledger.replied(c1, "a1", CANCELED, END + 50);

    assertThat(ledger.effects()).containsExactly("tell CANCELED", "find c1 RESOLVED");
    assertThat(ledger.found).extracting("foundAt").isEqualTo(at(END + 50));
  }

  @Test
  void shouldResolveByWhatAnotherCancelOfTheOrderLearns() {
    unresolved();
    ledger.routed(c2).started(c2, "b1", END + 10).effects();

    ledger.replied(c2, "b1", CANCELED, END + 20);

    assertThat(ledger.effects())
        .containsExactly(
            "tell CANCELED", "settle c2 CANCELED CONFIRMED_BY_VENUE", "find c1 RESOLVED");
  }

  @Test
  void shouldResolveByTheOrderThatADesksDecisionShows() {
    unresolved();
    var shown =
        new OrderState(
            OrdStatus.FILLED,
            null,
            null,
            null,
            null,
            null,
            at(1),
            new Evidence("order-events", 0, 3));

    ledger.intent(c2).desk(c2, new DeskDecision.Refuse(Reason.ORDER_FILLED, "", shown), END + 20);

    assertThat(ledger.effects())
        .containsExactly("settle c2 REJECTED ORDER_FILLED", "find c1 RESOLVED");
    assertThat(Objects.requireNonNull(ledger.found).evidence())
        .hasSize(2)
        .contains(new Evidence("order-events", 0, 3));
  }

  @Test
  void shouldTellEachKindOnce() {
    pending();

    ledger
        .order(end(OrdStatus.CANCELED, 9, "2"))
        .order(end(OrdStatus.CANCELED, 9, "2"))
        .order(end(OrdStatus.CANCELED, 10, "3"))
        .order(end(OrdStatus.CANCELED, 11, "4"));

    assertThat(ledger.effects()).containsExactly("find c1 RESOLVED", "find c1 EXECUTED_MORE");
  }

  @Test
  void shouldHoldWhatAFindingSaidAgainstWhatComesThen() {
    pending();

    ledger.order(end(OrdStatus.CANCELED, 9, "2")).order(end(OrdStatus.FILLED, 10, null));

    assertThat(ledger.effects()).containsExactly("find c1 RESOLVED", "find c1 CONTRADICTED");
  }

  @Test
  void shouldFindNothingInAnEventThatSaysWhatTheOutcomeSaid() {
    canceled();

    ledger.order(end(OrdStatus.CANCELED, 2, "0")).order(event(OrdStatus.NEW, 1L, null, "0", false));

    assertThat(ledger.effects()).isEmpty();
  }

  @Test
  void shouldFindThatACancelledOrderWasFilled() {
    canceled();

    ledger.order(end(OrdStatus.FILLED, 2, "5"));

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
    assertThat(Objects.requireNonNull(ledger.found).text())
        .isEqualTo("the order is FILLED (disputed), 5 executed; CANCELED was said");
    assertThat(ledger.found.disputed()).isTrue();
  }

  @Test
  void shouldFindThatACancelledOrderLivesAgain() {
    ledger.order(end(OrdStatus.CANCELED, 4, "0")).intent(c1);
    ledger.desk(c1, new DeskDecision.Refuse(Reason.ORDER_CANCELED, "", null), 5).effects();

    ledger.order(event(OrdStatus.NEW, 5L, null, "0", false));

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
  }

  @Test
  void shouldFindThatACorrectionTookTheEndBack() {
    canceled();
    ledger.order(end(OrdStatus.CANCELED, 2, "0"));

    ledger.order(event(OrdStatus.NEW, 3L, null, "0", true));

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
    assertThat(Objects.requireNonNull(ledger.found).disputed()).isFalse();
  }

  @Test
  void shouldFindThatTwoEndsAreTold() {
    canceled();

    ledger.order(end(OrdStatus.EXPIRED, 3, "0"));

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
    assertThat(ledger.found).extracting("ordStatus").isEqualTo(OrdStatus.CANCELED);
  }

  @Test
  void shouldFindALateExecution() {
    canceled();

    ledger.order(event(OrdStatus.PARTIALLY_FILLED, 1L, null, "3", false));

    assertThat(ledger.effects()).containsExactly("find c1 EXECUTED_MORE");
    assertThat(Objects.requireNonNull(ledger.found).text())
        .isEqualTo("the order is CANCELED, 3 executed; 0 executed was said");
  }

  @Test
  void shouldFindNothingInTheFurtherLifeOfAnOrderThatTheVenueKeeps() {
    ledger.routed(c1).order(event(OrdStatus.NEW, 1L, null, "0", false)).started(c1, "a1", 1);
    ledger
        .replied(c1, "a1", new Reply.Refused(Reason.VENUE_REFUSED, ReplyDetails.NOTHING), 2)
        .effects();

    ledger
        .order(event(OrdStatus.PARTIALLY_FILLED, 2L, null, "3", false))
        .order(end(OrdStatus.FILLED, 3, "5"));

    assertThat(ledger.effects()).isEmpty();
  }

  @Test
  void shouldNotTakeALateEventForAnOrderThatIsOpenAgain() {
    notOpen();

    ledger.order(event(OrdStatus.PARTIALLY_FILLED, null, at(1), "1", false));

    assertThat(ledger.effects()).isEmpty();
  }

  @Test
  void shouldFindThatAnOrderSaidToBeNotOpenIsOpenMuchLater() {
    notOpen();

    ledger.order(event(OrdStatus.NEW, null, at(62_000), "0", false));

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
    assertThat(Objects.requireNonNull(ledger.found).text())
        .isEqualTo("the order is NEW, 0 executed; not open was said");
  }

  @Test
  void shouldFindThatWhatWasNeverSentWasSent() {
    neverSent();

    ledger.replied(c1, "a9", AMBIGUOUS, END + 5);

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
    assertThat(Objects.requireNonNull(ledger.found).text())
        .isEqualTo(
            "the call a9 was answered with AMBIGUOUS; the outcome was REJECTED DEADLINE_PASSED,"
                + " and the order is not known");
  }

  @Test
  void shouldFindNothingInAMarkerThatCameTooLateForItsCall() {
    neverSent();

    ledger
        .started(c1, "a9", DEADLINE - 1)
        .replied(
            c1,
            "a9",
            new Reply.NotSent(Reason.DEADLINE_PASSED, ReplyDetails.NOTHING),
            DEADLINE + 1);

    assertThat(ledger.effects()).isEmpty();
  }

  @Test
  void shouldFindAMarkerOfWhatTheDeskRefusedAtOnce() {
    ledger.intent(c1);
    ledger.desk(c1, new DeskDecision.Refuse(Reason.UNKNOWN_VENUE, "", null), 5).effects();

    ledger.started(c1, "a9", 6);

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
  }

  @Test
  void shouldFindThatOurCallCancelledWhatWasRejected() {
    ledger.order(end(OrdStatus.CANCELED, 4, "0")).intent(c1);
    ledger.desk(c1, new DeskDecision.Refuse(Reason.ORDER_CANCELED, "", null), 5).effects();

    ledger.replied(c1, "a9", CANCELED, 9);

    assertThat(ledger.effects()).containsExactly("find c1 CONTRADICTED");
  }

  @Test
  void shouldSayNothingOfAnOrderThatIsAName() {
    Cancel named = named("n1");
    ledger.routed(named).started(named, "a1", 1).replied(named, "a1", CANCELED, 2);

    Cancel next = named("n2");
    ledger.routed(next).started(next, "b1", 3);
    ledger.replied(
        next,
        "b1",
        RequestKind.STATUS,
        new Reply.Status(new ReplyDetails(null, null, OrdStatus.FILLED, null, null, at(4))),
        4);

    // The order that has the name now is filled; it need not be the one that was canceled.
    assertThat(ledger.effects()).noneMatch(effect -> effect.startsWith("find"));
  }

  @Test
  void shouldRememberTheLastCancelsOnly() {
    for (int i = 0; i < 10; i++) {
      Cancel one = cancel("c" + i, i);
      ledger.routed(one).timer("c" + i, END);
    }
    ledger.effects();

    ledger.started(cancel("c1", 1), "a1", END).replied(cancel("c1", 1), "a1", AMBIGUOUS, END);
    ledger.replied(cancel("c2", 2), "a2", AMBIGUOUS, END);

    assertThat(ledger.effects()).containsExactly("find c2 CONTRADICTED");
  }

  private void pending() {
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", ACCEPTED, 2).timer("c1", END);
    assertThat(ledger.effects()).containsExactly("settle c1 PENDING NOT_CONFIRMED");
  }

  private void unresolved() {
    ledger.routed(c1).started(c1, "a1", 1).timer("c1", END);
    assertThat(ledger.effects()).containsExactly("settle c1 UNRESOLVED NO_ANSWER");
  }

  private void canceled() {
    var told = new ReplyDetails(null, null, null, null, new BigDecimal("0"), null);
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", new Reply.Canceled(told), 2);
    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 CANCELED CONFIRMED_BY_VENUE");
  }

  private void notOpen() {
    ledger.order(event(OrdStatus.NEW, null, at(0), "0", false)).routed(c1).started(c1, "a1", 1);
    ledger.replied(c1, "a1", new Reply.NotOpen(ReplyDetails.NOTHING), 2);
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
  }

  private void neverSent() {
    ledger.routed(c1).timer("c1", END);
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED DEADLINE_PASSED");
  }

  private static OrderEvent end(OrdStatus status, long sequence, String cumQty) {
    return event(status, sequence, null, cumQty, false);
  }

  private static Cancel named(String id) {
    Cancel c = cancel(id, 1);
    return new Cancel(
        id,
        c.order(),
        "ENTRY1",
        "s1",
        null,
        false,
        false,
        null,
        c.createdAt(),
        c.deadline(),
        c.receivedAt(),
        c.intent(),
        c.digest());
  }
}
