package io.countermand.console.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.client.EventRecord;
import io.countermand.events.Cancel;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LastOutcomesTest {

  private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

  private final LastOutcomes lasts = new LastOutcomes();

  private void outcome(String venue, String id, Reason reason, int second) {
    var cancel = new Cancel();
    cancel.setCancelId(id);
    cancel.setVenue(venue);
    cancel.setAccount("");
    cancel.setOrderId("o");
    var outcome = new CancelOutcome();
    outcome.setCancel(cancel);
    outcome.setResult(CancelResult.REJECTED);
    outcome.setReason(reason);
    outcome.setDecidedAt(START.plusSeconds(second));
    lasts.outcome(new EventRecord<>(outcome, "cancel-outcomes", 0, second, START, null));
  }

  private String last(String venue) {
    return lasts.all().containsKey(venue) ? lasts.all().get(venue).cancelId() : "";
  }

  @Test
  void shouldKeepTheLastInWhateverOrderTheyAreRead() {
    // When
    outcome("v", "second", Reason.ORDER_FILLED, 2);
    outcome("v", "first", Reason.ORDER_FILLED, 1);
    // Then
    assertThat(last("v")).isEqualTo("second");
  }

  @Test
  void shouldTakeNoTypoForAVenue() {
    // When
    outcome("typo", "one", Reason.UNKNOWN_VENUE, 1);
    outcome("nonsense", "two", Reason.MALFORMED, 1);
    outcome("v", "three", Reason.ORDER_FILLED, 1);
    outcome("v", "four", Reason.MALFORMED, 2);
    // Then
    assertThat(lasts.all()).containsOnlyKeys("v");
    assertThat(last("v")).isEqualTo("four");
  }

  @Test
  void shouldBeBounded() {
    // When
    for (int i = 0; i < 1_000; i++) {
      outcome("v" + i, "c", Reason.ORDER_FILLED, i);
    }
    // Then
    assertThat(lasts.all()).hasSize(200).containsKey("v999");
  }
}
