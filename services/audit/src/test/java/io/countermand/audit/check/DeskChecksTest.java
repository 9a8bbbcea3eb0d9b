package io.countermand.audit.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the desk may do, kills included, and what it may not. */
class DeskChecksTest {

  private static final QueueView ROOM = new QueueView(9, 10);
  private static final QueueView FULL = new QueueView(10, 10);

  private final OrderHistoryBuilder history = new OrderHistoryBuilder();
  private final Cancel cancel = history.intent("c1");
  private final Instant late = cancel.deadline();

  private static DeskDecision routed(QueueView queue) {
    return new DeskDecision.Route(null, false, queue);
  }

  private static DeskDecision refused(QueueView queue) {
    String text =
        queue.waiting()
            + " cancels wait for venue 'crosstrade' already; try again later, or at the venue"
            + " itself";
    return new DeskDecision.Refuse(Reason.QUEUE_FULL, text, null, queue);
  }

  private void called(String attempt, int attemptNo, Evidence cited) {
    history.marker(cancel, attempt, attemptNo, cited);
    history.answer(cancel, attempt, attemptNo, cited, "desk-1");
  }

  @Test
  void shouldTakeTheIntentForWhatAFirstAttemptCarriesOut() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a1", 1, cancel.intent());
    // Then
    assertThat(history.judged()).isEmpty();
  }

  @Test
  void shouldTakeARequestForWhatALaterAttemptCarriesOut() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a2", 2, history.retry(cancel, 2));
    // Then
    assertThat(history.judged()).isEmpty();
  }

  @Test
  void shouldFindAMarkerThatCitesAnotherCancelsIntent() {
    // Given
    Cancel other = history.intent("c2");
    // When
    history.decided(cancel, routed(ROOM));
    called("a1", 1, other.intent());
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.EVIDENCE_DIFFERS);
  }

  @Test
  void shouldFindALaterAttemptThatCitesTheIntent() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a2", 2, cancel.intent());
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.EVIDENCE_DIFFERS);
  }

  @Test
  void shouldFindARequestOfAnotherAttempt() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a2", 2, history.retry(cancel, 3));
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.EVIDENCE_DIFFERS);
  }

  @Test
  void shouldFindARequestThatIsNotThere() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a2", 2, new Evidence(Topics.RETRIES, 0, 7));
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.CALL_WITHOUT_REQUEST);
  }

  @Test
  void shouldFindACallAfterARefusal() {
    // When
    history.decided(cancel, refused(FULL));
    called("a1", 1, cancel.intent());
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.CALL_AFTER_REFUSAL);
  }

  @Test
  void shouldAllowACallWhoseDecisionWasLostInAKill() {
    // When
    called("a1", 1, cancel.intent());
    history.decided(cancel, refused(FULL));
    // Then
    assertThat(history.judged()).isEmpty();
  }

  @Test
  void shouldFindACallWhoseMarkerWasAppendedAtTheDeadline() {
    // When
    history.decided(cancel, routed(ROOM));
    history.marker(cancel, "a1", 1, cancel.intent(), late);
    history.answer(cancel, "a1", 1, cancel.intent(), "desk-1");
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.MARKER_PAST_DEADLINE);
  }

  @Test
  void shouldAllowAMarkerThatIsWrittenAgain() {
    // When
    history.decided(cancel, routed(ROOM));
    history.marker(cancel, "a1", 1, cancel.intent());
    called("a1", 1, cancel.intent());
    // Then
    assertThat(history.judged()).isEmpty();
  }

  @Test
  void shouldFindTwoCallsOfADeskAtOnce() {
    // When
    history.decided(cancel, routed(ROOM));
    history.marker(cancel, "a1", 1, cancel.intent());
    history.marker(cancel, "a2", 1, cancel.intent());
    history.answer(cancel, "a1", 1, cancel.intent(), "desk-1");
    history.answer(cancel, "a2", 1, cancel.intent(), "desk-1");
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.CALLED_TWICE);
  }

  @Test
  void shouldAllowACallThatIsRepeatedAfterAKill() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a1", 1, cancel.intent());
    history.decided(cancel, routed(ROOM));
    called("a2", 1, cancel.intent());
    // Then
    assertThat(history.judged()).isEmpty();
  }

  @Test
  void shouldFindARouteThoughTheQueueWasFullAlsoOfARecordThatIsReadAgain() {
    // When
    history.decided(cancel, routed(ROOM));
    called("a1", 1, cancel.intent());
    history.decided(cancel, routed(FULL));
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.DECISION_NOT_SUPPORTED);
  }

  @Test
  void shouldFindARouteThoughTheQueueWasFull() {
    // When
    history.decided(cancel, routed(FULL));
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.DECISION_NOT_SUPPORTED);
  }

  @Test
  void shouldAllowARefusalByAFullQueue() {
    // When
    history.decided(cancel, refused(FULL));
    // Then
    assertThat(history.judged()).isEmpty();
  }

  @Test
  void shouldFindARefusalByAQueueThatHadRoom() {
    // When
    history.decided(cancel, refused(ROOM));
    // Then
    assertThat(history.judged()).containsExactly(DifferenceKind.REFUSAL_NOT_SUPPORTED);
  }

  @Test
  void shouldFindARefusalThatNoDeskDecidedAndThatWasCalledAfterwards() {
    // Given: the ledger had counted for itself
    history.refused(cancel, Reason.TOO_MANY_PENDING);
    assertThat(history.outcomesJudged())
        .containsExactlyInAnyOrder(
            DifferenceKind.OUTCOME_SAYS_MORE, DifferenceKind.INTENT_WITHOUT_DECISION);
    // When
    history.decided(cancel, routed(ROOM));
    called("a1", 1, cancel.intent());
    // Then
    assertThat(history.judged()).isEmpty();
    assertThat(history.outcomesJudged()).containsExactly(DifferenceKind.OUTCOME_SAYS_MORE);
  }

  @Test
  void shouldFindACallOfWhatWasRefusedForGood() {
    // When
    history.decided(cancel, refused(FULL));
    history.refused(cancel, Reason.QUEUE_FULL);
    assertThat(history.outcomesJudged()).isEmpty();
    history.decided(cancel, routed(ROOM));
    called("a1", 1, cancel.intent());
    // Then
    assertThat(history.outcomesJudged()).containsExactly(DifferenceKind.OUTCOME_SAYS_MORE);
  }
}
