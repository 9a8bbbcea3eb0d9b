package io.countermand.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.CancelProgress;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small record must not become a large one. */
class HostileValuesTest {

  private static final Instant T = Instant.parse("2026-03-03T12:00:00Z");
  private static final Evidence AT = new Evidence("order-events", 0, 1);
  private static final int SMALL = 2048;

  @ParameterizedTest
  @ValueSource(strings = {"1E9999999", "1E999999999", "1E-999999999", "-1", "1E2147483647"})
  void shouldKeepAnEventAndForgetAQuantityThatCannotBe(String quantity) throws Exception {
    // Given: cases A2, A2b
    OrderEvent told = filled().setCumQty(quantity).setAvgPx(quantity).setLeavesQty("0").build();

    // When
    OrderState state = state(told);

    // Then
    assertThat(state.terminal()).isTrue();
    assertThat(state.cumQty()).isNull();
    assertThat(OrderCodec.toAvro(state).toByteBuffer().remaining()).isLessThan(SMALL);
    assertThat(OrderCodec.toAvro(known(told)).toByteBuffer().remaining()).isLessThan(SMALL);
  }

  @Test
  void shouldCutALongWordOfAVenue() throws Exception {
    // Given: case A3
    OrderEvent told =
        filled().setRawStatus("x".repeat(1_500_000)).setClOrdId("y".repeat(1_500_000)).build();

    // Then
    assertThat(OrderCodec.toAvro(state(told)).toByteBuffer().remaining()).isLessThan(SMALL);
    assertThat(OrderCodec.toAvro(known(told)).toByteBuffer().remaining()).isLessThan(SMALL);
  }

  @Test
  void shouldBoundAReplyOnItsWayOutAndOnItsWayIn() throws Exception {
    // Given
    var told =
        new ReplyDetails(
            "c".repeat(100_000),
            "m".repeat(100_000),
            io.countermand.domain.order.OrdStatus.CANCELED,
            "r".repeat(100_000),
            new BigDecimal("1E999999999"),
            Instant.ofEpochSecond(T.getEpochSecond() * 1000));
    CancelProgress sane = progress(new ReplyDetails(null, null, null, null, null, null));
    var hostile = (io.countermand.events.AttemptReplied) sane.getWhat();
    hostile.setRawStatus(told.rawStatus());
    hostile.setExecutedQty("1E999999999");
    hostile.setVenueTime(told.venueTime());

    // When
    CancelProgress written = progress(told);
    var read = (LedgerEvent.Replied) ProgressCodec.fromAvro(sane, AT);

    // Then
    assertThat(written.toByteBuffer().remaining()).isLessThan(4096);
    assertThat(read.reply().told().rawStatus()).hasSize(257);
    assertThat(read.reply().told().executedQty()).isNull();
    assertThat(read.reply().told().venueTime()).isNull();
  }

  @Test
  void shouldKeepADisputeAndAReplyThatSaysGoneOrUnknown() {
    // Given
    OrderState state =
        new OrderState(
            io.countermand.domain.order.OrdStatus.FILLED,
            null,
            null,
            null,
            null,
            null,
            T,
            AT,
            true);
    CancelProgress gone =
        ProgressCodec.replied(
            cancel(),
            "a1",
            1,
            RequestKind.CANCEL,
            new Reply.GoneOrUnknown(ReplyDetails.of("400", "gone")),
            AT,
            true,
            T,
            null,
            null,
            T,
            "w");

    // Then
    assertThat(OrderCodec.fromAvro(OrderCodec.toAvro(state))).isEqualTo(state);
    assertThat(((LedgerEvent.Replied) ProgressCodec.fromAvro(gone, AT)).reply())
        .isEqualTo(new Reply.GoneOrUnknown(ReplyDetails.of("400", "gone")));
  }

  private static OrderEvent.Builder filled() {
    return OrderEvent.newBuilder()
        .setVenue("v")
        .setAccount("a")
        .setOrderId("o")
        .setOrdStatus(OrdStatus.FILLED)
        .setOrderQty("1")
        .setSource("feed:v")
        .setObservedAt(T);
  }

  private static io.countermand.domain.order.OrderEvent known(OrderEvent told) {
    return ((Facts.Known) Facts.of(OrderCodec.fromAvro(told), T)).event();
  }

  private static OrderState state(OrderEvent told) {
    return OrderFold.fold(null, known(told), AT);
  }

  private static CancelProgress progress(ReplyDetails told) {
    return ProgressCodec.replied(
        cancel(),
        "a1",
        1,
        RequestKind.CANCEL,
        new Reply.Canceled(told),
        AT,
        true,
        T,
        null,
        null,
        T,
        "w");
  }

  private static Cancel cancel() {
    return new Cancel(
        "c1", new OrderRef("v", "a", "o"), null, null, null, false, false, null, T, T, T, AT, "d");
  }
}
