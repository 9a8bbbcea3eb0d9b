package io.countermand.domain.order;

import static io.countermand.domain.Cancels.AT;
import static io.countermand.domain.Cancels.T0;
import static io.countermand.domain.Cancels.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancels;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.DeskRules;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Orders whose events contradict each other: an id that lives again, an end told in two ways. */
class OrderFoldDisputeTest {

  private static final long HOUR = 3_600_000;
  private static final long MINUTE = 60_000;

  /** What is told of an order, "v1": venue's sequence, "t1": venue's time, "o1": observed at. */
  private static OrderEvent told(
      OrdStatus status,
      @Nullable Long sequence,
      @Nullable Long venueTime,
      long observedAt,
      @Nullable String orderQty,
      @Nullable String cumQty) {
    return new OrderEvent(
        Cancels.ORDER,
        null,
        status,
        null,
        orderQty == null ? null : new BigDecimal(orderQty),
        cumQty == null ? null : new BigDecimal(cumQty),
        null,
        null,
        venueTime == null ? null : at(venueTime),
        sequence,
        false,
        "feed:v",
        null,
        at(observedAt));
  }

  private static OrderEvent numbered(OrdStatus status, long sequence) {
    return told(status, sequence, null, 0, null, null);
  }

  private static OrderEvent timed(OrdStatus status, long venueTime) {
    return told(status, null, venueTime, 0, null, null);
  }

  private static OrderEvent silent(OrdStatus status, long observedAt) {
    return told(status, null, null, observedAt, null, null);
  }

  private static OrderState after(OrderEvent... events) {
    OrderState state = null;
    for (OrderEvent event : events) {
      state = OrderFold.fold(state, event, AT);
    }
    assertThat(state).isNotNull();
    return state;
  }

  private static boolean refused(OrderState state) {
    var rules = new DeskRules(Set.of("v"), Duration.ofSeconds(8));
    return rules.decide(new DeskOrder(state, null, List.of()), Cancels.cancel("c", 1), T0)
        instanceof DeskDecision.Refuse;
  }

  @Test
  void shouldCallForAnOrderThatIsOpenLaterThanItWasFilled() { // case A5
    // When
    OrderState state =
        after(
            told(OrdStatus.FILLED, null, -21 * HOUR, -21 * HOUR, "5", "5"),
            told(OrdStatus.NEW, null, -HOUR, -HOUR, "3", "0"));

    // Then
    assertThat(state.disputed()).isTrue();
    assertThat(state.ordStatus()).isEqualTo(OrdStatus.NEW);
    assertThat(state.cumQty()).isEqualByComparingTo("0");
    assertThat(state.orderQty()).isEqualByComparingTo("3");
    assertThat(refused(state)).isFalse();
  }

  @Test
  void shouldCallForAnOrderThatWasModifiedByCancelAndNew() { // case A6
    // When
    OrderState state =
        after(
            numbered(OrdStatus.NEW, 1),
            numbered(OrdStatus.CANCELED, 2),
            told(OrdStatus.NEW, 3L, null, 0, "2", null));

    // Then
    assertThat(state.ordStatus()).isEqualTo(OrdStatus.NEW);
    assertThat(state.disputed()).isTrue();
    assertThat(refused(state)).isFalse();
  }

  @Test
  void shouldRefuseAgainOnceTheSecondLifeHasCertainlyEnded() {
    // Given
    OrderState living =
        after(
            numbered(OrdStatus.NEW, 1),
            numbered(OrdStatus.CANCELED, 2),
            numbered(OrdStatus.NEW, 3));

    // When
    OrderState repeated = OrderFold.fold(living, numbered(OrdStatus.CANCELED, 2), AT);
    OrderState ended = OrderFold.fold(living, numbered(OrdStatus.FILLED, 4), AT);

    // Then
    assertThat(repeated.ordStatus()).isEqualTo(OrdStatus.NEW);
    assertThat(refused(repeated)).isFalse();
    assertThat(ended.certainlyEnded()).isTrue();
    assertThat(refused(ended)).isTrue();
  }

  @Test
  void shouldCallWhereTheSequenceStartsAnew() {
    // By the venue's time it is newer, by its sequence older.
    OrderState timed =
        after(
            told(OrdStatus.FILLED, 57L, 0L, 0, null, null),
            told(OrdStatus.NEW, 1L, 1L, 1, null, null));
    // The venue gives no time, and it is too late to be merely late.
    OrderState untimed =
        after(
            told(OrdStatus.FILLED, 57L, null, 0, null, null),
            told(OrdStatus.NEW, 1L, null, MINUTE + 1, null, null));

    for (OrderState state : List.of(timed, untimed)) {
      assertThat(state.disputed()).isTrue();
      assertThat(state.ordStatus()).isEqualTo(OrdStatus.NEW);
      assertThat(refused(state)).isFalse();
    }

    // The former end told again is not the end of the new life.
    OrderState repeated =
        OrderFold.fold(untimed, told(OrdStatus.FILLED, 57L, null, 2 * MINUTE, null, null), AT);
    assertThat(refused(repeated)).isFalse();
    OrderState late = OrderFold.fold(timed, told(OrdStatus.FILLED, 57L, 0L, 9, null, null), AT);
    assertThat(late.ordStatus()).isEqualTo(OrdStatus.NEW);
  }

  @Test
  void shouldCallWhereAGreaterSequenceIsOfAnEarlierTime() {
    // When
    OrderState again =
        after(
            told(OrdStatus.CANCELED, 2L, 5000L, 0, null, null),
            told(OrdStatus.NEW, 3L, 3000L, 0, null, null));
    OrderState ended =
        after(
            told(OrdStatus.NEW, 1L, 5000L, 0, null, null),
            told(OrdStatus.FILLED, 57L, 3000L, 0, null, null));
    OrderState wobbling =
        after(
            told(OrdStatus.NEW, 1L, 5000L, 0, null, null),
            told(OrdStatus.FILLED, 2L, 4001L, 0, null, null));

    // Then
    assertThat(refused(again)).isFalse();
    assertThat(OrderFold.fold(again, told(OrdStatus.CANCELED, 2L, 5000L, 9, null, null), AT))
        .satisfies(repeated -> assertThat(refused(repeated)).isFalse());
    assertThat(ended.ordStatus()).isEqualTo(OrdStatus.NEW);
    assertThat(ended.disputed()).isTrue();
    assertThat(wobbling.certainlyEnded()).isTrue();
  }

  @Test
  void shouldCallForAnOrderSeenOpenLongAfterItsEndWhereTheVenueGivesNoOrder() {
    // Given
    OrderState filled = after(silent(OrdStatus.FILLED, 0));

    // Then
    assertThat(refused(OrderFold.fold(filled, silent(OrdStatus.NEW, MINUTE), AT))).isTrue();
    OrderState again = OrderFold.fold(filled, silent(OrdStatus.NEW, MINUTE + 1), AT);
    assertThat(again.disputed()).isTrue();
    assertThat(refused(again)).isFalse();
    OrderState canceled = OrderFold.fold(again, silent(OrdStatus.CANCELED, MINUTE + 2), AT);
    assertThat(canceled.certainlyEnded()).isTrue();
  }

  @Test
  void shouldNotBeMovedByLateAndRepeatedEvents() {
    // Given
    OrderState byNumber = after(numbered(OrdStatus.NEW, 1), numbered(OrdStatus.FILLED, 2));
    OrderState byTime = after(timed(OrdStatus.NEW, 1), timed(OrdStatus.FILLED, 2));
    OrderState untold = after(numbered(OrdStatus.NEW, 1), silent(OrdStatus.CANCELED, 5));

    // Then
    assertThat(OrderFold.fold(byNumber, numbered(OrdStatus.NEW, 1), AT)).isSameAs(byNumber);
    assertThat(OrderFold.fold(byNumber, numbered(OrdStatus.FILLED, 2), AT)).isSameAs(byNumber);
    assertThat(OrderFold.fold(byTime, timed(OrdStatus.NEW, 1), AT)).isSameAs(byTime);
    // The same record observed anew by a feed that tells its history again.
    OrderEvent retold = told(OrdStatus.NEW, null, 2L, HOUR, null, null);
    assertThat(OrderFold.fold(byTime, retold, AT)).isSameAs(byTime);
    // The end came without a number, so a number says nothing about before or after it.
    assertThat(refused(OrderFold.fold(untold, numbered(OrdStatus.PARTIALLY_FILLED, 2), AT)))
        .isTrue();
    // Until the same end is told with its own.
    OrderState told = OrderFold.fold(untold, numbered(OrdStatus.CANCELED, 2), AT);
    assertThat(told.sequence()).isEqualTo(2);
    assertThat(refused(OrderFold.fold(told, numbered(OrdStatus.NEW, 3), AT))).isFalse();
  }

  @Test
  void shouldSayFilledAndDisputedWhereAnExecutionAfterACancelFillsTheOrder() { // case A10
    // Given
    OrderState canceled = after(told(OrdStatus.CANCELED, null, null, 0, "5", "0"));

    // When
    OrderState filled =
        OrderFold.fold(canceled, told(OrdStatus.FILLED, null, null, 9, "5", "5"), AT);
    OrderState executed =
        OrderFold.fold(canceled, told(OrdStatus.PARTIALLY_FILLED, null, null, 9, null, "5"), AT);
    OrderState part =
        OrderFold.fold(canceled, told(OrdStatus.PARTIALLY_FILLED, null, null, 9, null, "2"), AT);
    OrderState word = OrderFold.fold(canceled, silent(OrdStatus.FILLED, 9), AT);

    // Then
    assertThat(filled.ordStatus()).isEqualTo(OrdStatus.FILLED);
    assertThat(filled.disputed()).isTrue();
    assertThat(filled.cumQty()).isEqualByComparingTo("5");
    assertThat(executed.ordStatus()).isEqualTo(OrdStatus.FILLED);
    assertThat(executed.disputed()).isTrue();
    assertThat(part.ordStatus()).isEqualTo(OrdStatus.CANCELED);
    assertThat(part.disputed()).isFalse();
    assertThat(part.cumQty()).isEqualByComparingTo("2");
    assertThat(word.ordStatus()).isEqualTo(OrdStatus.FILLED);
    assertThat(word.cumQty()).isNull();
    assertThat(refused(filled)).isFalse();
  }

  @Test
  void shouldDisputeAnEndThatIsToldInTwoWays() {
    // Given
    OrderState filled = after(numbered(OrdStatus.FILLED, 2));

    // When
    OrderState both = OrderFold.fold(filled, numbered(OrdStatus.EXPIRED, 3), AT);

    // Then
    assertThat(both.ordStatus()).isEqualTo(OrdStatus.FILLED);
    assertThat(both.disputed()).isTrue();
    assertThat(refused(both)).isFalse();
  }

  @Test
  void shouldEndADisputeByACorrection() {
    // Given
    OrderState both = after(numbered(OrdStatus.FILLED, 2), numbered(OrdStatus.CANCELED, 3));

    // When
    OrderState corrected =
        OrderFold.fold(both, Cancels.event(OrdStatus.CANCELED, 4L, null, "0", true), AT);

    // Then
    assertThat(corrected.certainlyEnded()).isTrue();
    assertThat(corrected.ordStatus()).isEqualTo(OrdStatus.CANCELED);
  }

  @Test
  void shouldNotBeBlindedByATimeAThousandTimesTooLarge() { // case A7
    // Given
    Instant hostile = Instant.ofEpochSecond(T0.getEpochSecond() * 1000);
    OrderEvent opened = Cancels.event(OrdStatus.NEW, null, hostile, null, false);
    OrderEvent canceled = Cancels.event(OrdStatus.CANCELED, null, at(3), null, false);

    // When
    OrderState state = null;
    for (OrderEvent event : List.of(opened, canceled)) {
      state = OrderFold.fold(state, ((Facts.Known) Facts.of(event, T0)).event(), AT);
    }

    // Then
    assertThat(state).isNotNull();
    assertThat(state.certainlyEnded()).isTrue();
    assertThat(state.venueTime()).isEqualTo(at(3));
  }
}
