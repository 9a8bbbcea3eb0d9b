package io.countermand.audit.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.QueueView;
import org.junit.jupiter.api.Test;

class HandOverCheckTest {

  private static final DeskDecision ROUTED =
      new DeskDecision.Route(null, false, new QueueView(0, 10));

  private final OrderHistoryBuilder history = new OrderHistoryBuilder();
  private final Cancel before = history.intent("c1");
  private final Cancel behind = history.intent("c2");

  @Test
  void shouldTakeDesksThatKeepToTheirOwn() {
    // When
    history.decided(before, ROUTED, "desk-1");
    history.decided(behind, ROUTED, "desk-2");
    // Then
    assertThat(history.handedOver(behind.intent().offset())).isEmpty();
  }

  @Test
  void shouldFindADeskThatGoesOn() {
    // When
    history.decided(before, ROUTED, "desk-1");
    history.decided(behind, ROUTED, "desk-1");
    // Then
    assertThat(history.handedOver(behind.intent().offset()))
        .containsExactly(DifferenceKind.DECIDED_BY_ANOTHER_GROUP);
  }

  @Test
  void shouldTakeOneDeskForAllWithoutAHandOverBetween() {
    // When
    history.decided(before, ROUTED, "desk-1");
    history.decided(behind, ROUTED, "desk-1");
    // Then
    assertThat(history.handedOver(behind.intent().offset() + 1)).isEmpty();
  }
}
