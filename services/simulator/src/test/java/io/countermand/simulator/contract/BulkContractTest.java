package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.BulkAnswer;
import io.countermand.venues.CallResult;
import java.math.BigDecimal;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One call that cancels all of an account, over a real socket. */
@Timeout(120)
class BulkContractTest {

  @Test
  void shouldCancelEveryOpenOrderOfTheAccountAndNoOther() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE)) {
      // Given
      OrderRef open = rig.placed();
      OrderRef partly = rig.placed();
      rig.simulator.book().fill(partly, BigDecimal.ONE, null);
      OrderRef filled = rig.placed();
      rig.simulator.book().fill(filled);
      OrderRef elsewhere = new OrderRef(open.venue(), "Sim102", "of-another-account");
      rig.simulator
          .book()
          .place(NewOrder.of(elsewhere.venue(), elsewhere.account(), elsewhere.orderId(), "10"));

      // When
      BulkAnswer all = rig.adapter.cancelAll(open.account(), Rig.PATIENCE);

      // Then
      assertThat(rig.adapter.capabilities().cancelsAll()).isTrue();
      assertThat(ReplyKind.of(all.answer().reply())).isEqualTo(ReplyKind.ACCEPTED);
      assertThat(all.orderIds()).containsExactlyInAnyOrder(open.orderId(), partly.orderId());
      assertThat(rig.inBook(open)).isEqualTo(OrdStatus.CANCELED);
      assertThat(rig.inBook(partly)).isEqualTo(OrdStatus.CANCELED);
      assertThat(rig.inBook(filled)).isEqualTo(OrdStatus.FILLED);
      assertThat(rig.inBook(elsewhere)).isEqualTo(OrdStatus.NEW);
      assertThat(ReplyKind.of(all.of(open.orderId()))).isEqualTo(ReplyKind.ACCEPTED);
      assertThat(ReplyKind.of(all.of(filled.orderId())))
          .as("not named: not taken, nor refused")
          .isEqualTo(ReplyKind.AMBIGUOUS);
      assertReadAgain(rig, open, all);
      assertReadAgain(rig, filled, all);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = VenueKind.class,
      names = {"CROSSTRADE_WS", "CROSSTRADE_WEBHOOK", "CADENZA", "NEURATRADE", "TRADOVATE"})
  void shouldSayThatThereIsNoSuchCall(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      OrderRef open = rig.placed();

      BulkAnswer none = rig.adapter.cancelAll(open.account(), Rig.PATIENCE);

      assertThat(rig.adapter.capabilities().cancelsAll()).isFalse();
      assertThat(none.answer().sent()).isFalse();
      assertThat(ReplyKind.of(none.answer().reply())).isEqualTo(ReplyKind.REFUSED);
      assertThat(rig.inBook(open)).isEqualTo(OrdStatus.NEW);
    }
  }

  @Test
  void shouldNotKnowWhatWasHitWhereTheAnswerIsLost() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE)) {
      OrderRef open = rig.placed();
      rig.simulator
          .faults()
          .add(FaultRule.next("crosstrade", 1, new Fault.Reset(true)).on(CallKind.MASS_CANCEL));

      BulkAnswer lost = rig.adapter.cancelAll(open.account(), Rig.PATIENCE);

      assertThat(rig.inBook(open)).isEqualTo(OrdStatus.CANCELED);
      assertThat(ReplyKind.of(lost.of(open.orderId()))).isEqualTo(ReplyKind.AMBIGUOUS);
      assertThat(lost.answer().sent()).isTrue();
    }
  }

  @Test
  void shouldRefuseNoOrderByWhatIsRefusedOfAll() throws Exception {
    try (var rig = Rig.start(VenueKind.CROSSTRADE, one -> one.withAccounts(Set.of("Sim101")))) {
      OrderRef open = rig.placed();

      BulkAnswer refused = rig.adapter.cancelAll("Nobody", Rig.PATIENCE);

      assertThat(ReplyKind.of(refused.of(open.orderId()))).isEqualTo(ReplyKind.RETRY_LATER);
      assertThat(rig.inBook(open)).isEqualTo(OrdStatus.NEW);
      assertReadAgain(rig, open, refused);
    }
  }

  /** An audit reads from the record of each order's answer what it was taken for. */
  private static void assertReadAgain(Rig rig, OrderRef order, BulkAnswer all) {
    CallResult answer = all.answer();
    var recorded =
        new CallResult(
            all.of(order.orderId()),
            answer.sent(),
            answer.sentAt(),
            answer.repliedAt(),
            answer.request(),
            all.recorded(order.orderId()));
    assertThat(rig.again(Rig.request(order), RequestKind.CANCEL, recorded.reply(), recorded))
        .isInstanceOf(Rereading.Same.class);
  }
}
