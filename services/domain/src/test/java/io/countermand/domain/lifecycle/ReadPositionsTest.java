package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.Cancels;
import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadPositionsTest {

  private static final String INTENTS = "cancel-intents";

  @Test
  void shouldKnowWhatWasRead() {
    // Given
    ReadPositions positions = ReadPositions.NONE.read(intent(5), at(50));

    // Then
    assertThat(positions.has(intent(5), at(50))).isTrue();
    assertThat(positions.has(intent(3), at(30))).isTrue();
    assertThat(positions.has(intent(6), at(50))).isFalse();
    assertThat(positions.has(new Evidence("order-events", 0, 3), at(30))).isFalse();
  }

  @Test
  void shouldReadATopicThatWasCreatedAnew() {
    // Given
    ReadPositions positions = ReadPositions.NONE.read(intent(5), at(50));

    // When
    boolean known = positions.has(intent(0), at(60));

    // Then
    assertThat(known).isFalse();
    assertThat(positions.read(intent(0), at(60)).has(intent(1), at(61))).isFalse();
  }

  @Test
  void shouldNotForgetACancelBeforeItsIntentWasRead() {
    // Given a decision on intent 7 that was read before intent 7
    ReadPositions positions = ReadPositions.NONE.read(intent(5), at(50));
    var settled = new Lifecycle.Settled("digest", at(80), positions.coveredBy(intent(7)));

    // Then
    assertThat(positions.mayForget(INTENTS, settled)).isFalse();
    assertThat(positions.read(intent(7), at(70)).mayForget(INTENTS, settled)).isTrue();
  }

  @Test
  void shouldOpenNothingThatMayBeForgotten() {
    // Given
    ReadPositions positions = ReadPositions.NONE.read(intent(7), Cancels.T0);
    var settled = new Lifecycle.Settled("digest", at(80), 7);

    // When
    ReadPositions after = positions.forgetting(INTENTS, settled);

    // Then
    assertThat(after.mayHaveForgotten(cancel(7))).isTrue();
    assertThat(after.mayHaveForgotten(cancel(3))).isTrue();
    assertThat(after.mayHaveForgotten(cancel(8))).isFalse();
    assertThat(positions.mayHaveForgotten(cancel(7))).isFalse();
  }

  @Test
  void shouldNotTakeAnIntentOfANewTopicForAForgottenOne() {
    // Given
    ReadPositions positions =
        ReadPositions.NONE
            .read(intent(7), Cancels.T0.minusSeconds(60))
            .forgetting(INTENTS, new Lifecycle.Settled("digest", at(80), 7));

    // Then
    assertThat(positions.mayHaveForgotten(cancel(3))).isFalse();
  }

  @Test
  void shouldGiveNoSecondOutcomeToWhatMayBeForgotten() {
    // Given
    Cancel cancel = cancel(3);
    var decided =
        new LedgerEvent.Decided(
            cancel,
            new DeskDecision.Refuse(Reason.DEADLINE_PASSED, "too late", null),
            new Evidence("cancel-progress", 0, 90),
            at(100_000));
    var memory =
        new Lifecycle.Memory() {
          @Override
          public Lifecycle.@Nullable Settled settled(String cancelId) {
            return null;
          }

          @Override
          public boolean mayHaveForgotten(Cancel which) {
            return which.intent().offset() <= 3;
          }
        };

    // When
    Lifecycle.Step step = Lifecycle.step(OrderLedger.NONE, decided, Cancels.rules(false), memory);

    // Then
    assertThat(step.effects()).isEmpty();
    assertThat(step.state().open()).isEmpty();
  }

  private static Evidence intent(long offset) {
    return new Evidence(INTENTS, 0, offset);
  }

  private static Cancel cancel(long offset) {
    return Cancels.cancel("c", offset);
  }
}
