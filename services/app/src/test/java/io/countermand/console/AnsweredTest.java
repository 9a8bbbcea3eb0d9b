package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.kept.AnsweredIds;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console must not know the domain, and must agree with it. */
class AnsweredTest {

  @Test
  void shouldKnowByWhichIdsThePipelineAnswers() {
    // Given
    Instant start = Instant.now();
    var check = new IntentCheck(Duration.ofSeconds(10), Duration.ofHours(1));
    for (String text : HostileTexts.all()) {
      // When
      CancelIntent asked = HostileTest.intent(text, "x" + text, "é" + text, text + "x");
      asked.setOrderName(text + "n");
      asked.setStrategyId(text + "s");
      OrderRef order =
          new OrderRef(asked.getVenue(), asked.getAccount(), asked.getOrderId())
              .named(asked.getOrderName(), asked.getStrategyId());
      Intent intent =
          new Intent(
              text,
              order,
              asked.getOrderName(),
              asked.getStrategyId(),
              null,
              null,
              false,
              false,
              null,
              Map.of(),
              start);
      // Then
      assertThat(AnsweredIds.can(text))
          .as(text)
          .isEqualTo(
              !(check.check(intent, new Evidence("t", 0, 0), start)
                  instanceof IntentCheck.Unanswerable));
      assertThat(AnsweredIds.as(asked).key()).isEqualTo(intent.answeredAs().key());
    }
  }
}
