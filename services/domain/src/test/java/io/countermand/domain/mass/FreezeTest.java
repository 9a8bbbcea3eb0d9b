package io.countermand.domain.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.Side;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FreezeTest {

  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
  private static final OrderDetails ANNAS =
      OrderDetails.of("ESZ6", Side.BUY, "anna", "d", null, null);

  private final MassScope annas =
      new MassScope(false, null, null, null, null, "anna", null, null, null);

  @Test
  void shouldTakeEachOrderThatIsNotCertainlyOverOnce() {
    var freeze = new Freeze(mass(MassScope.of("v", "a"), false), Set.of());

    assertThat(freeze.take(order("1"), state(OrdStatus.NEW, null, false))).isTrue();
    assertThat(freeze.take(order("1"), state(OrdStatus.NEW, null, false))).isFalse();
    assertThat(freeze.take(order("2"), state(OrdStatus.UNKNOWN, null, false))).isTrue();
    assertThat(freeze.take(order("3"), state(OrdStatus.CANCELED, null, true))).isTrue();
    assertThat(freeze.take(order("4"), state(OrdStatus.FILLED, null, false))).isFalse();
    assertThat(freeze.take(new OrderRef("v", "b", "5"), state(OrdStatus.NEW, null, false)))
        .isFalse();
    assertThat(freeze.orders()).containsExactlyInAnyOrder("v/a/1", "v/a/2", "v/a/3");
  }

  @Test
  void shouldLeaveAloneAndSayWhatNobodyTellsOf() {
    var freeze = new Freeze(mass(annas, false), Set.of());

    assertThat(freeze.take(order("1"), state(OrdStatus.NEW, ANNAS, false))).isTrue();
    assertThat(freeze.take(order("2"), state(OrdStatus.NEW, null, false))).isFalse();
    assertThat(freeze.accounts()).containsExactly(new AccountSeen("v", "a", 1, 0, 1, null));
  }

  @Test
  void shouldLeaveOutWhatClosesPositionsUnlessToldToTakeIt() {
    var without = new Freeze(mass(MassScope.ALL, false), Set.of("v"));
    var with = new Freeze(mass(MassScope.ALL, true), Set.of("v"));

    assertThat(without.take(order("1"), state(OrdStatus.NEW, null, false))).isFalse();
    assertThat(without.accounts()).containsExactly(new AccountSeen("v", "a", 0, 1, 0, null));
    assertThat(with.take(order("1"), state(OrdStatus.NEW, null, false))).isTrue();
  }

  @Test
  void shouldTellNoMoreAccountsThanOneRecordHolds() {
    // Given: a broker of many clients, two of whom nobody told of lately, or of what
    var freeze = new Freeze(mass(annas, false), Set.of());
    for (int i = 0; i < 100_000; i++) {
      freeze.account("v", "client " + i, NOW);
    }
    freeze.account("v", "old", NOW.minusSeconds(100_000));
    freeze.take(new OrderRef("v", "client 99999", "1"), state(OrdStatus.NEW, null, false));
    freeze.take(new OrderRef("v", "client 7", "2"), state(OrdStatus.NEW, ANNAS, false));
    freeze.take(new OrderRef("v", "client 99998", "3"), state(OrdStatus.NEW, ANNAS, false));
    // When
    List<AccountSeen> told = freeze.accounts();
    // Then: nothing is lost of what must be said, and of the sums
    assertThat(told)
        .hasSizeLessThan(2_100)
        .contains(
            new AccountSeen("v", "old", 0, 0, 0, NOW.minusSeconds(100_000)),
            new AccountSeen("v", "client 99999", 0, 0, 1, NOW));
    assertThat(told.stream().mapToInt(AccountSeen::orders).sum()).isEqualTo(2);
  }

  @Test
  void shouldGiveAnOrderTheSameCancelWheneverItIsAsked() {
    MassCancel mass = mass(MassScope.ALL, false);

    assertThat(MassIntents.intent(mass, order("1")))
        .isEqualTo(MassIntents.intent(mass, order("1")));
    assertThat(MassIntents.cancelId("m", "v/a/1"))
        .isNotEqualTo(MassIntents.cancelId("m", "v/a/2"))
        .isNotEqualTo(MassIntents.cancelId("n", "v/a/1"));
  }

  @Test
  void shouldReadTheKeysOfOrders() {
    OrderRef odd = new OrderRef("v e", "a/b+c", "ü%");

    assertThat(OrderKeys.parse(odd.key())).isEqualTo(odd);
    assertThat(OrderKeys.parse("v/a")).isNull();
    assertThat(OrderKeys.parse("v/a/%zz")).isNull();
  }

  private static MassCancel mass(MassScope scope, boolean closing) {
    return new MassCancel("m", scope, "ops", "drill", NOW.plusSeconds(60), false, closing, NOW);
  }

  private static OrderRef order(String id) {
    return new OrderRef("v", "a", id);
  }

  private static OrderState state(
      OrdStatus status, @Nullable OrderDetails details, boolean disputed) {
    return new OrderState(status, null, null, null, null, null, NOW, null, disputed, details);
  }
}
