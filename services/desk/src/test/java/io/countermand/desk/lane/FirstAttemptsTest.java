package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.decision.LaneQueue;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstAttemptsTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");

  private final FirstAttempts firsts = new FirstAttempts();

  @Test
  void shouldNotCountWhatNoCallCarriedAfterAll() {
    // When
    firsts.carried(List.of(waiting(1, 1)));
    firsts.unmade(List.of(call(1, 1)), NOON);
    // Then
    assertThat(firsts.again(call(1, 2))).isFalse();
    assertThat(firsts.again(call(2, 2))).as("another order's").isTrue();
  }

  @Test
  void shouldCountWhatACallCarried() {
    // Given
    firsts.carried(List.of(waiting(1, 1)));
    firsts.unmade(List.of(call(1, 1)), NOON);
    // When it is made the second time
    firsts.carried(List.of(waiting(1, 2)));
    // Then
    assertThat(firsts.again(call(1, 3))).isTrue();
  }

  @Test
  void shouldCountACallOfItsOwnForGood() {
    // Given
    firsts.carried(List.of(waiting(1, 1)));
    firsts.unmade(List.of(call(1, 1)), NOON);
    // When
    firsts.begun(call(1, 2));
    // Then
    assertThat(firsts.again(call(1, 3))).isTrue();
    // When
    firsts.carried(List.of(waiting(1, 3)));
    firsts.unmade(List.of(call(1, 3)), NOON);
    // Then
    assertThat(firsts.again(call(1, 4))).isTrue();
  }

  @Test
  void shouldForgetWhatHasEnded() {
    // Given
    firsts.carried(List.of(waiting(1, 1)));
    firsts.unmade(List.of(call(1, 1)), NOON);
    // When
    firsts.unmade(List.of(), NOON.plusSeconds(60));
    // Then
    assertThat(firsts.again(call(1, 2))).isTrue();
  }

  private LaneQueue.Waiting<LaneCall> waiting(int order, int attemptNo) {
    LaneCall call = call(order, attemptNo);
    return new LaneQueue.Waiting<>(
        call.id(), Lane.KILL, "a", NOON.plusSeconds(60), firsts.again(call), call);
  }

  private static LaneCall call(int order, int attemptNo) {
    var cancel =
        new Cancel(
            "m",
            new OrderRef("v", "a", "o" + order),
            null,
            null,
            null,
            false,
            false,
            null,
            null,
            NOON,
            NOON.plusSeconds(60),
            NOON,
            new Evidence("cancel-intents", 0, order),
            "d",
            "m");
    return new LaneCall(
        new CancelRequest(cancel, RequestKind.CANCEL, attemptNo, null, NOON),
        new Evidence("cancel-retries", 0, order),
        null,
        _ -> {});
  }
}
