package io.countermand.domain.order;

import static io.countermand.domain.Cancels.at;
import static io.countermand.domain.Cancels.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancels;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderFoldTest {

  private static final Evidence NEWER = new Evidence("order-events", 0, 9);

  @ParameterizedTest
  @CsvSource({
    // table,           event,              sequence, correction, status after, cumQty after
    "               ,   NEW,                5,  false, NEW,              2",
    "               ,   UNKNOWN,            5,  false, UNKNOWN,          2",
    "               ,   FILLED,             5,  false, FILLED,           2",
    "               ,   NEW,                5,  true,  NEW,              2",
    // an open state, sequence 5, cumQty 1
    "PARTIALLY_FILLED,  NEW,                4,  false, PARTIALLY_FILLED, 2",
    "PARTIALLY_FILLED,  FILLED,             4,  false, PARTIALLY_FILLED, 2",
    "PARTIALLY_FILLED,  UNKNOWN,            6,  false, PARTIALLY_FILLED, 2",
    "PARTIALLY_FILLED,  PENDING_CANCEL,     6,  false, PENDING_CANCEL,   2",
    "PARTIALLY_FILLED,  PENDING_CANCEL,     5,  false, PENDING_CANCEL,   2",
    "PARTIALLY_FILLED,  FILLED,             6,  false, FILLED,           2",
    "PARTIALLY_FILLED,  NEW,                4,  true,  PARTIALLY_FILLED, 1",
    "PARTIALLY_FILLED,  NEW,                6,  true,  NEW,              2",
    // a terminal state, sequence 5, cumQty 1
    "CANCELED,          PARTIALLY_FILLED,   4,  false, CANCELED,         2",
    "CANCELED,          UNKNOWN,            6,  false, CANCELED,         2",
    "CANCELED,          NEW,                5,  false, CANCELED,         2",
    "CANCELED,          NEW,                6,  false, NEW,              2",
    "CANCELED,          FILLED,             6,  false, FILLED,           2",
    "CANCELED,          NEW,                4,  true,  CANCELED,         1",
    "CANCELED,          NEW,                6,  true,  NEW,              2",
  })
  void shouldFoldRowByRow(
      @Nullable OrdStatus known,
      OrdStatus told,
      long sequence,
      boolean correction,
      OrdStatus after,
      String cumQty) {
    // Given
    OrderState old = known == null ? null : known(known, "1", 5L, null);

    // When
    OrderState next = OrderFold.fold(old, event(told, sequence, null, "2", correction), NEWER);

    // Then
    assertThat(next.ordStatus()).isEqualTo(after);
    assertThat(next.cumQty()).isEqualByComparingTo(cumQty);
  }

  @Test
  void shouldNotKeepAnOldQuantityOfAnOrderThatIsFilled() {
    // Given
    OrderState old = known(OrdStatus.NEW, "0", null, null);

    // When
    OrderState filled =
        OrderFold.fold(old, event(OrdStatus.FILLED, null, null, null, false), NEWER);
    OrderState told =
        OrderFold.fold(filled, event(OrdStatus.FILLED, null, null, "9", false), NEWER);

    // Then
    assertThat(filled.cumQty()).isNull();
    assertThat(told.cumQty()).isEqualByComparingTo("9");
  }

  @Test
  void shouldLowerTheQuantityByACorrectionOnly() {
    // Given
    OrderState old = known(OrdStatus.PARTIALLY_FILLED, "5", 5L, null);

    // When
    OrderState plain =
        OrderFold.fold(old, event(OrdStatus.PARTIALLY_FILLED, 6L, null, "4", false), NEWER);
    OrderState corrected =
        OrderFold.fold(old, event(OrdStatus.PARTIALLY_FILLED, 6L, null, "4", true), NEWER);

    // Then
    assertThat(plain.cumQty()).isEqualByComparingTo("5");
    assertThat(corrected.cumQty()).isEqualByComparingTo("4");
  }

  @Test
  void shouldGoByVenueTimeWhereThereIsNoSequence() {
    // Given
    OrderState old = known(OrdStatus.PENDING_CANCEL, null, null, at(100));

    // When
    OrderState older =
        OrderFold.fold(old, event(OrdStatus.FILLED, null, at(99), null, false), NEWER);
    OrderState newer = OrderFold.fold(old, event(OrdStatus.NEW, null, at(101), null, false), NEWER);

    // Then
    assertThat(older).isSameAs(old);
    assertThat(newer.ordStatus()).isEqualTo(OrdStatus.NEW);
    assertThat(newer.venueTime()).isEqualTo(at(101));
    assertThat(newer.evidence()).isEqualTo(NEWER);
  }

  @Test
  void shouldPreferTheFurtherStateWhereTheVenueGivesNoOrder() {
    // Given
    OrderState old = known(OrdStatus.PARTIALLY_FILLED, null, null, null);

    // When
    OrderState back = OrderFold.fold(old, event(OrdStatus.NEW), NEWER);
    OrderState on = OrderFold.fold(old, event(OrdStatus.FILLED), NEWER);

    // Then
    assertThat(back).isSameAs(old);
    assertThat(on.ordStatus()).isEqualTo(OrdStatus.FILLED);
  }

  @Test
  void shouldEndInTheSameStateHoweverNumberedEventsAreShuffledAndRepeated() {
    for (long seed = 0; seed < 2_000; seed++) {
      // Given
      var random = new Random(seed);
      List<OrderEvent> life = life(random);
      OrderEvent last = life.getLast();
      List<OrderEvent> delivered = new ArrayList<>(life);
      for (int i = random.nextInt(4); i > 0; i--) {
        delivered.add(life.get(random.nextInt(life.size())));
      }
      Collections.shuffle(delivered, random);

      // When
      OrderState state = null;
      boolean ended = false;
      for (OrderEvent event : delivered) {
        state = OrderFold.fold(state, event, NEWER);
        assertThat(!ended || state.terminal()).as("seed %d: terminal for good", seed).isTrue();
        ended = state.terminal();
      }

      // Then
      assertThat(state).isNotNull();
      assertThat(state.ordStatus()).as("seed %d", seed).isEqualTo(last.ordStatus());
      assertThat(state.cumQty()).as("seed %d", seed).isEqualByComparingTo(last.cumQty());
      assertThat(state.sequence()).as("seed %d", seed).isEqualTo(last.sequence());
    }
  }

  private static List<OrderEvent> life(Random random) {
    List<OrderEvent> life = new ArrayList<>();
    long filled = 0;
    long sequence = random.nextInt(100);
    life.add(event(OrdStatus.NEW, ++sequence, null, "0", false));
    for (int i = random.nextInt(4); i > 0; i--) {
      filled += 1 + random.nextInt(3);
      life.add(event(OrdStatus.PARTIALLY_FILLED, ++sequence, null, "" + filled, false));
    }
    OrdStatus[] ends = {
      OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.PENDING_CANCEL
    };
    life.add(event(ends[random.nextInt(ends.length)], ++sequence, null, "" + filled, false));
    return life;
  }

  private static OrderState known(
      OrdStatus status, @Nullable String cumQty, @Nullable Long sequence, @Nullable Instant time) {
    return new OrderState(
        status,
        null,
        null,
        cumQty == null ? null : new BigDecimal(cumQty),
        time,
        sequence,
        Cancels.T0,
        Cancels.AT);
  }

  @Test
  void shouldKeepWhoseOrderItIsUntilItsIdLivesAgain() {
    OrderDetails told = OrderDetails.of("ESZ6", Side.BUY, "anna", null, null, null);
    OrderDetails later = OrderDetails.of(null, null, "ben", "d", null, null);
    Evidence at = new Evidence("order-events", 0, 1);

    OrderState first = OrderFold.fold(null, of(OrdStatus.NEW, 1, told), at);
    OrderState silent = OrderFold.fold(first, of(OrdStatus.PARTIALLY_FILLED, 2, null), at);
    OrderState moved = OrderFold.fold(silent, of(OrdStatus.PARTIALLY_FILLED, 3, later), at);
    OrderState ended = OrderFold.fold(moved, of(OrdStatus.CANCELED, 4, null), at);
    OrderState anew = OrderFold.fold(ended, of(OrdStatus.NEW, 5, null), at);

    assertThat(silent.details()).isEqualTo(told);
    assertThat(moved.details())
        .isEqualTo(OrderDetails.of("ESZ6", Side.BUY, "ben", "d", null, null));
    assertThat(ended.details()).isEqualTo(moved.details());
    assertThat(anew.details()).as("nobody knows whose this life is").isNull();
    assertThat(OrderFold.fold(first, of(OrdStatus.NEW, 1, told), at)).isEqualTo(first);
  }

  private static OrderEvent of(OrdStatus status, long sequence, @Nullable OrderDetails details) {
    Instant time = Instant.parse("2026-11-20T08:00:00Z").plusSeconds(sequence);
    return new OrderEvent(
        new OrderRef("v", "a", "1"),
        null,
        status,
        null,
        null,
        null,
        null,
        null,
        time,
        sequence,
        false,
        "feed:v",
        null,
        time,
        details);
  }
}
