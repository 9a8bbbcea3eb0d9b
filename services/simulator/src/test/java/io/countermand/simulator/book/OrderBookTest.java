package io.countermand.simulator.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderBookTest {

  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00.123456789Z");
  private static final OrderRef REF = new OrderRef("v", "a", "1");

  private final List<String> heard = new ArrayList<>();
  private final OrderBook book =
      new OrderBook(
          Set.of("v"),
          InstantSource.fixed(NOW),
          change ->
              heard.add(
                  change.cause()
                      + " "
                      + change.order().sequence()
                      + " "
                      + change.order().status()
                      + " "
                      + change.order().filled()
                      + "/"
                      + change.order().leaves()));

  @Test
  void shouldTellAnOrdersLifeInSequence() {
    // Given
    book.place(NewOrder.of("v", "a", "1", "10"));

    // When
    book.fill(REF, new BigDecimal("4"), null);
    book.reduce(REF, new BigDecimal("1"));
    book.cancel(REF);
    book.fill(REF);
    book.correct(REF, OrdStatus.FILLED, new BigDecimal("9"));

    // Then
    assertThat(heard)
        .containsExactly(
            "place 1 NEW 0/10",
            "fill 2 PARTIALLY_FILLED 4/6",
            "reduce 3 PARTIALLY_FILLED 4/5",
            "cancel 4 CANCELED 4/0",
            "correct 5 FILLED 9/0");
  }

  @Test
  void shouldSayWhatACancelMet() {
    // Given
    for (var id : List.of("open", "filled", "canceled", "rejected", "expired")) {
      book.place(NewOrder.of("v", "a", id, "10"));
    }
    book.fill(ref("filled"));
    book.cancel(ref("canceled"));
    book.reject(ref("rejected"));
    book.expire(ref("expired"));

    // When
    var effects =
        List.of("open", "filled", "canceled", "rejected", "expired", "none").stream()
            .map(id -> book.cancel(ref(id)).effect())
            .toList();

    // Then
    assertThat(effects)
        .containsExactly(
            Effect.CANCELED_NOW,
            Effect.ALREADY_FILLED,
            Effect.ALREADY_CANCELED,
            Effect.ALREADY_REJECTED,
            Effect.ALREADY_EXPIRED,
            Effect.UNKNOWN);
  }

  @Test
  void shouldLetAFillWinAgainstAPendingCancel() {
    // Given
    book.place(NewOrder.of("v", "a", "1", "10"));
    book.cancelLater(REF, 1);

    // When
    book.fill(REF);
    book.settle(REF, 1);

    // Then
    assertThat(heard)
        .containsExactly("place 1 NEW 0/10", "cancel 2 PENDING_CANCEL 0/10", "fill 3 FILLED 10/0");
  }

  @Test
  void shouldAverageThePriceAndCapTheQuantity() {
    // Given
    book.place(NewOrder.of("v", "a", "1", "4"));
    book.fill(REF, BigDecimal.ONE, new BigDecimal("100"));

    // When
    var filled = book.fill(REF, BigDecimal.TEN, new BigDecimal("200"));

    // Then
    assertThat(filled).isNotNull();
    assertThat(filled.filled()).isEqualByComparingTo("4");
    assertThat(filled.averagePrice()).isEqualByComparingTo("175");
    assertThat(filled.changedAt()).isEqualTo(Instant.parse("2026-03-03T12:00:00.123456Z"));
  }

  @Test
  void shouldFindByIdAloneAndByNameWithStrategy() {
    // When
    var order = book.place(NewOrder.of("v", "a", "1", "4").named("STOP1", "s"));

    // Then
    assertThat(book.find("v", "1")).isEqualTo(order);
    assertThat(book.findNamed("v", "s", "STOP1")).isEqualTo(order);
    assertThat(book.findNamed("v", "other", "STOP1")).isNull();
  }

  @Test
  void shouldRefuseASecondOrderOfTheSameId() {
    // Given
    book.place(NewOrder.of("v", "a", "1", "4"));

    // Then
    assertThatThrownBy(() -> book.place(NewOrder.of("v", "a", "1", "4")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> book.place(NewOrder.of("w", "a", "1", "4")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static OrderRef ref(String id) {
    return new OrderRef("v", "a", id);
  }
}
