package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.at;
import static io.countermand.domain.Cancels.cancel;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Cancels;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.ReplyDetails;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The ledger and orders whose events contradict each other: nothing is settled on such a state. */
class DisputedLedgerTest {

  private static final Reply AMBIGUOUS = new Reply.Ambiguous(ReplyDetails.of("500", "oops"));

  private final Cancel c1 = cancel("c1", 1);
  private final LedgerDriver ledger = new LedgerDriver(false);

  private LedgerDriver order(OrdStatus status, long sequence) {
    return order(Cancels.event(status, sequence, null, null, false), sequence);
  }

  private LedgerDriver order(OrderEvent event, long offset) {
    return ledger.feed(
        new LedgerEvent.OrderSeen(event, new Evidence("order-events", 0, offset), at(offset)));
  }

  private static OrderState shown(OrdStatus status, long sequence, boolean disputed) {
    return new OrderState(
        status,
        null,
        null,
        null,
        null,
        sequence,
        at(0),
        new Evidence("order-events", 0, sequence),
        disputed);
  }

  @Test
  void shouldHeedWhatContradictsAnEndingThatItRemembers() {
    // Given
    OrderLedger ended = OrderLedger.NONE.withOrder(shown(OrdStatus.CANCELED, 2, false));
    OrderEvent again = Cancels.event(OrdStatus.NEW, 3L, null, null, false);

    // Then
    assertThat(ended.heeds(again)).isTrue();
    assertThat(OrderLedger.NONE.heeds(again)).isFalse();
    assertThat(OrderLedger.NONE.withOrder(shown(OrdStatus.NEW, 1, false)).heeds(again)).isFalse();
  }

  @Test
  void shouldNotSettleOnTheFormerEndOfAnOrderThatLivesAgain() {
    // Given
    order(OrdStatus.CANCELED, 2);
    order(OrdStatus.NEW, 3);
    ledger.routed(c1).started(c1, "a1", 1);

    // When
    ledger.replied(c1, "a1", AMBIGUOUS, 2);

    // Then
    assertThat(ledger.effects()).isEmpty();
  }

  @Test
  void shouldSettleOnTheEndOfTheSecondLife() {
    // Given
    order(OrdStatus.CANCELED, 2);
    order(OrdStatus.NEW, 3);
    ledger.routed(c1).started(c1, "a1", 1).replied(c1, "a1", AMBIGUOUS, 2);

    // When
    order(OrdStatus.CANCELED, 4);

    // Then
    assertThat(ledger.effects()).containsExactly("settle c1 CANCELED CONFIRMED_BY_ORDER_EVENT");
  }

  @Test
  void shouldBelieveTheDeskThatTheOrderLivesAgain() {
    // Given: the ledger has read no further than the first end
    order(OrdStatus.CANCELED, 2);
    ledger.intent(c1).desk(c1, new DeskDecision.Route(shown(OrdStatus.NEW, 3, true)), 1);

    // When
    ledger.started(c1, "a1", 2).replied(c1, "a1", AMBIGUOUS, 3);

    // Then
    assertThat(ledger.effects()).isEmpty();
  }

  @Test
  void shouldKeepNewsThatTheDeskHadNotReadYet() {
    // Given
    order(OrdStatus.FILLED, 4);
    ledger.intent(c1);

    // When
    ledger.desk(c1, new DeskDecision.Route(shown(OrdStatus.NEW, 3, true)), 1);
    ledger.started(c1, "a1", 2);
    ledger.replied(c1, "a1", new Reply.NotOpen(ReplyDetails.of("409", "not open")), 3);

    // Then
    assertThat(ledger.effects()).containsExactly("settle c1 REJECTED ORDER_NOT_OPEN");
    assertThat(ledger.last.ordStatus()).isNull();
  }

  @Test
  void shouldTellTheDeskWhatDisputesItsState() {
    // Given
    Cancel override = cancel("c1", 1, Cancels.DEADLINE, true);
    order(Cancels.event(OrdStatus.FILLED, null, null, "5", false), 1);
    ledger.routed(override).started(override, "a1", 2);

    // When
    ledger.replied(override, "a1", canceled("0"), 3);

    // Then
    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 UNRESOLVED UNCLEAR_ANSWER");
    assertThat(ledger.last.text())
        .isEqualTo("the venue says that the order is cancelled, other records say FILLED");
    assertThat(ledger.last.ordStatus()).isNull();
    assertThat(ledger.last.executedQty()).isNull();
  }

  @Test
  void shouldNotSayCanceledOfAnOrderWhoseFillWasReadJustBefore() {
    // Given
    ledger.routed(c1).started(c1, "a1", 1);
    order(Cancels.event(OrdStatus.FILLED, null, null, "5", false), 1);

    // When
    ledger.replied(c1, "a1", canceled("0"), 2);

    // Then
    assertThat(ledger.effects())
        .containsExactly("tell CANCELED", "settle c1 UNRESOLVED UNCLEAR_ANSWER");

    // When the venue corrects one of them
    order(Cancels.event(OrdStatus.FILLED, null, null, "5", true), 3);

    // Then
    assertThat(ledger.effects()).containsExactly("find c1 RESOLVED");
  }

  @Test
  void shouldCallForOneThatJoinedWhenTheRecordsContradictEachOther() {
    // Given
    Cancel c2 = cancel("c2", 2);
    ledger.routed(c1).joined(c2, "c1").started(c1, "a1", 1);
    order(Cancels.event(OrdStatus.FILLED, null, null, "5", false), 1);

    // When
    ledger.replied(c1, "a1", canceled("0"), 2);

    // Then
    assertThat(ledger.effects())
        .containsExactly(
            "tell CANCELED", "settle c1 UNRESOLVED UNCLEAR_ANSWER then c2", "ask CANCEL c2 #2");

    // When its own call is never made
    ledger.timer("c2", Cancels.DEADLINE + 60_000);

    // Then: that of c1 was
    assertThat(ledger.effects()).containsExactly("settle c2 UNRESOLVED UNCLEAR_ANSWER joined c1");
  }

  @Test
  void shouldBelieveTheReplyOfWhatAnEarlierOrderOfTheNameDid() {
    // Given
    Cancel named = named("c1", 1);
    ledger.routed(named).started(named, "a0", 1);
    ledger.replied(named, "a0", new Reply.NotOpen(filled()), 2);
    ledger.effects();
    Cancel next = named("c2", 2);
    ledger.routed(next).started(next, "a1", 3);

    // When
    ledger.replied(next, "a1", canceled("0"), 4);

    // Then
    assertThat(ledger.effects()).contains("settle c2 CANCELED CONFIRMED_BY_VENUE");
  }

  @Test
  void shouldNotSayAnEndThatIsDisputedAtTheDeadline() {
    // Given
    order(Cancels.event(OrdStatus.CANCELED, null, null, "0", false), 1);
    order(Cancels.event(OrdStatus.EXPIRED, null, null, "0", false), 2);
    ledger.routed(c1).started(c1, "a1", 3).replied(c1, "a1", AMBIGUOUS, 4);

    // When
    ledger.timer("c1", Cancels.DEADLINE + 60_000);

    // Then
    assertThat(ledger.last.result()).isEqualTo(CancelResult.UNRESOLVED);
    assertThat(ledger.last.ordStatus()).isNull();
  }

  private static Cancel named(String id, long offset) {
    Cancel by = cancel(id, offset);
    return new Cancel(
        id,
        by.order(),
        "entry",
        "strategy",
        null,
        false,
        false,
        null,
        by.createdAt(),
        by.deadline(),
        by.receivedAt(),
        by.intent(),
        by.digest());
  }

  private static ReplyDetails filled() {
    return new ReplyDetails("409", null, OrdStatus.FILLED, null, new BigDecimal("5"), null);
  }

  private static Reply canceled(String executed) {
    return new Reply.Canceled(
        new ReplyDetails("200", null, null, null, new BigDecimal(executed), null));
  }
}
