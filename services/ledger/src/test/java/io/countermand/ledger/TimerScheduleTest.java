package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimerScheduleTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");
  private static final LedgerRules RULES =
      new LedgerRules(Duration.ofSeconds(2), Duration.ofMinutes(1), Map.of());

  private final TimerSchedule clock = new TimerSchedule();

  @Test
  void shouldWriteATimerAgainAfterLongerAndLongerPauses() {
    // Given
    OrderLedger ledger = ledger(cancel("1", 10));
    clock.set("k", ledger, RULES);
    assertThat(clock.due(NOON.plusSeconds(11))).isEmpty();
    assertThat(clock.due(NOON.plusSeconds(12))).containsExactly("k");
    // When nothing is read back
    int written = 0;
    for (int second = 12; second < 12 + 120; second++) {
      Instant now = NOON.plusSeconds(second);
      for (String key : clock.due(now)) {
        written += clock.fire(key, ledger, RULES, now).size();
      }
    }
    // Then at 0, 2, 6, 14, 30 and 62 seconds
    assertThat(written).isEqualTo(6);
  }

  @Test
  void shouldNotWriteTimersAgainOnlyBecauseOneWasReadBack() {
    // Given an order with many overdue cancels
    int many = 500;
    List<Cancel> cancels = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      cancels.add(cancel("c" + i, 10));
    }
    Instant now = NOON.plusSeconds(20);
    clock.set("k", ledger(cancels.toArray(Cancel[]::new)), RULES);
    int written = 0;
    // When they are read back one by one
    for (int i = 0; i < many; i++) {
      OrderLedger left = ledger(cancels.subList(i, many).toArray(Cancel[]::new));
      clock.set("k", left, RULES);
      for (String key : clock.due(now)) {
        written += clock.fire(key, left, RULES, now).size();
      }
    }
    // Then
    assertThat(written).isEqualTo(many);
    clock.set("k", ledger(), RULES);
    assertThat(clock.due(now)).isEmpty();
  }

  @Test
  void shouldHoldUpNoOtherCancelOfTheOrder() {
    // Given one whose timer is on its way
    OrderLedger ledger = ledger(cancel("1", 10), cancel("2", 11));
    clock.set("k", ledger, RULES);
    Instant now = NOON.plusSeconds(12);
    assertThat(clock.fire("k", ledger, RULES, now)).extracting(OpenCancel::id).containsExactly("1");
    // When the other's time has come
    Instant then = NOON.plusSeconds(13);
    // Then
    assertThat(clock.due(then)).containsExactly("k");
    assertThat(clock.fire("k", ledger, RULES, then))
        .extracting(OpenCancel::id)
        .containsExactly("2");
  }

  @Test
  void shouldWriteATimerForANewTimeAtOnce() {
    // Given
    OrderLedger ledger = ledger(cancel("1", 10));
    Instant now = NOON.plusSeconds(12);
    assertThat(clock.fire("k", ledger, RULES, now)).hasSize(1);
    // When the cancel needs the clock for something else
    OrderLedger changed = ledger(cancel("1", 9));
    clock.set("k", changed, RULES);
    // Then
    assertThat(clock.due(now)).containsExactly("k");
    assertThat(clock.fire("k", changed, RULES, now)).hasSize(1);
  }

  @Test
  void shouldNotThinkOfAnOrderWithoutALiveCancel() {
    // Given
    OrderLedger ledger = ledger(cancel("1", 10));
    clock.set("k", ledger, RULES);
    Instant now = NOON.plusSeconds(12);
    assertThat(clock.fire("k", ledger, RULES, now)).hasSize(1);
    // When
    clock.set("k", ledger(), RULES);
    // Then
    assertThat(clock.next()).isEqualTo(Instant.MAX);
    assertThat(clock.due(now.plusSeconds(3600))).isEmpty();
    // And the same cancel would get its timer anew
    assertThat(clock.fire("k", ledger, RULES, now)).hasSize(1);
  }

  @Test
  void shouldLetNoOrderWaitBehindLaterOnes() {
    // Given more overdue orders than a round takes, the latest put in first
    for (int second = 1200; second >= 1; second--) {
      clock.set("k" + second, ledger(cancel("c", second)), RULES);
    }
    // When
    List<String> due = clock.due(NOON.plusSeconds(5000));
    // Then
    assertThat(due).hasSize(1000).startsWith("k1", "k2", "k3").doesNotContain("k1001");
  }

  private static OrderLedger ledger(Cancel... cancels) {
    return new OrderLedger(
        null, Arrays.stream(cancels).map(TimerScheduleTest::open).toList(), NOON);
  }

  /** A cancel that nothing has happened to yet. */
  static OpenCancel open(Cancel cancel) {
    return new OpenCancel(
        cancel,
        OpenCancel.Phase.ASKED,
        OpenCancel.Belief.UNSENT,
        null,
        List.of(),
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  /** With its deadline that many seconds after noon. */
  static Cancel cancel(String id, int deadline) {
    return new Cancel(
        id,
        new OrderRef("a", "acc", "o"),
        null,
        null,
        null,
        false,
        false,
        null,
        NOON,
        NOON.plusSeconds(deadline),
        NOON,
        new Evidence("cancel-intents", 0, 1),
        "digest");
  }
}
