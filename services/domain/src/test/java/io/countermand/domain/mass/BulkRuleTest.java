package io.countermand.domain.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BulkRuleTest {

  private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");

  @Test
  void shouldCarryOnlyWhatWaitsAndIsOpen() {
    var plan =
        BulkRule.plan(
            List.of(listed("1", OrdStatus.NEW), listed("2", OrdStatus.FILLED)),
            Set.of("v/a/1", "v/a/2", "v/a/3"),
            Set.of());

    assertThat(plan.carried()).containsExactly("v/a/1");
    assertThat(plan.exact()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = OrdStatus.class,
      names = {"NEW", "PARTIALLY_FILLED", "PENDING_CANCEL", "SUSPENDED", "UNKNOWN"})
  void shouldNotHitAStrangerThatMayBeOpen(OrdStatus status) {
    var plan =
        BulkRule.plan(
            List.of(listed("1", OrdStatus.NEW), listed("2", status)), Set.of("v/a/1"), Set.of());

    assertThat(plan.strangers()).containsExactly("v/a/2");
    assertThat(plan.exact()).isFalse();
  }

  @Test
  void shouldHitOnceMoreWhatTheVenueTookACancelOf() {
    var plan =
        BulkRule.plan(
            List.of(listed("1", OrdStatus.NEW), listed("2", OrdStatus.PENDING_CANCEL)),
            Set.of("v/a/1"),
            Set.of("v/a/2"));

    assertThat(plan.carried()).containsExactly("v/a/1");
    assertThat(plan.exact()).isTrue();
  }

  @Test
  void shouldTakeForAStrangerWhatTheVenueListsUnderAnotherAccount() {
    var other =
        new OrderEvent(
            new OrderRef("v", "A", "1"),
            null,
            OrdStatus.NEW,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            false,
            "feed:v",
            null,
            NOW);

    assertThat(BulkRule.plan(List.of(other), Set.of("v/a/1"), Set.of()).exact()).isFalse();
  }

  @Test
  void shouldCallForNothingWhereNothingIsOpen() {
    assertThat(
            BulkRule.plan(
                    List.of(listed("1", OrdStatus.CANCELED)), Set.of("v/a/1"), Set.of("v/a/1"))
                .exact())
        .isFalse();
  }

  private static OrderEvent listed(String id, OrdStatus status) {
    return new OrderEvent(
        new OrderRef("v", "a", id),
        null,
        status,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        "feed:v",
        null,
        NOW);
  }
}
