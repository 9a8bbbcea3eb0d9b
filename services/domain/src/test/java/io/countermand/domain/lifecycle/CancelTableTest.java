package io.countermand.domain.lifecycle;

import static io.countermand.domain.lifecycle.CancelTable.Next.AS_ORDER;
import static io.countermand.domain.lifecycle.CancelTable.Next.BARRIER;
import static io.countermand.domain.lifecycle.CancelTable.Next.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Cancels;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrdStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the table, by its words in the table's own order. */
class CancelTableTest {

  private final CancelTable table = CancelTable.RULES;

  @ParameterizedTest
  @CsvSource({
    "AMBIGUOUS,     RETRY,    RETRY,    FIND_OUT",
    "CANCELED,      CANCELED, CANCELED, CANCELED",
    "ACCEPTED,      FIND_OUT, FIND_OUT, FIND_OUT",
    "NOT_OPEN,      REJECTED, FIND_OUT, FIND_OUT",
    "UNKNOWN_ORDER, REJECTED, FIND_OUT, FIND_OUT",
    "REFUSED,       REJECTED, FIND_OUT, FIND_OUT",
    "RETRY_LATER,   RETRY,    RETRY,    FIND_OUT",
    "UNAUTHORIZED,  RETRY,    RETRY,    FIND_OUT",
    "NOT_SENT,      RETRY,    RETRY,    FIND_OUT",
    "STATUS,        WAIT,     WAIT,     WAIT",
    "GONE_OR_UNKNOWN, FIND_OUT, FIND_OUT, FIND_OUT",
  })
  void shouldFollowACancelReply(ReplyKind reply, Next unsent, Next unknown, Next accepted) {
    assertThat(row(b -> table.onCancelReply(reply, b, false)))
        .containsExactly(unsent, unknown, accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "AMBIGUOUS,     RETRY,    RETRY,    FIND_OUT",
    "CANCELED,      CANCELED, CANCELED, CANCELED",
    "ACCEPTED,      FIND_OUT, FIND_OUT, FIND_OUT",
    "NOT_OPEN,      REJECTED, FIND_OUT, FIND_OUT",
    "UNKNOWN_ORDER, REJECTED, FIND_OUT, FIND_OUT",
    "REFUSED,       REJECTED, FIND_OUT, FIND_OUT",
    "RETRY_LATER,   REJECTED, RETRY,    FIND_OUT",
    "UNAUTHORIZED,  REJECTED, RETRY,    FIND_OUT",
    "NOT_SENT,      REJECTED, RETRY,    FIND_OUT",
    "STATUS,        WAIT,     WAIT,     WAIT",
    "GONE_OR_UNKNOWN, FIND_OUT, FIND_OUT, FIND_OUT",
  })
  void shouldFollowACancelReplyAfterAFinalAnswer(
      ReplyKind reply, Next unsent, Next unknown, Next accepted) {
    assertThat(row(b -> table.onCancelReply(reply, b, true)))
        .containsExactly(unsent, unknown, accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "AMBIGUOUS,     RETRY, FIND_OUT, FIND_OUT",
    "CANCELED,      RETRY, FIND_OUT, FIND_OUT",
    "ACCEPTED,      RETRY, FIND_OUT, FIND_OUT",
    "NOT_OPEN,      RETRY, FIND_OUT, FIND_OUT",
    "UNKNOWN_ORDER, RETRY, FIND_OUT, FIND_OUT",
    "REFUSED,       RETRY, FIND_OUT, FIND_OUT",
    "RETRY_LATER,   RETRY, FIND_OUT, FIND_OUT",
    "UNAUTHORIZED,  RETRY, FIND_OUT, FIND_OUT",
    "NOT_SENT,      RETRY, FIND_OUT, FIND_OUT",
    "STATUS,        RETRY, RETRY,    FIND_OUT",
    "GONE_OR_UNKNOWN, RETRY, FIND_OUT, FIND_OUT",
  })
  void shouldFollowAStatusReply(ReplyKind reply, Next unsent, Next unknown, Next accepted) {
    assertThat(row(b -> table.onStatusReply(reply, b))).containsExactly(unsent, unknown, accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "UNDECIDED, UNSENT,   WAIT",
    "UNDECIDED, UNKNOWN,  WAIT",
    "UNDECIDED, ACCEPTED, WAIT",
    "JOINED,    UNSENT,   WAIT",
    "JOINED,    UNKNOWN,  WAIT",
    "JOINED,    ACCEPTED, WAIT",
    "ASKED,     UNSENT,   WAIT",
    "ASKED,     UNKNOWN,  AS_ORDER",
    "ASKED,     ACCEPTED, AS_ORDER",
    "CALLING,   UNSENT,   WAIT",
    "CALLING,   UNKNOWN,  WAIT",
    "CALLING,   ACCEPTED, WAIT",
    "RESTING,   UNKNOWN,  AS_ORDER",
    "RESTING,   ACCEPTED, AS_ORDER",
  })
  void shouldFollowTheEndOfTheOrder(Phase phase, Belief belief, Next next) {
    for (OrdStatus status : OrdStatus.values()) {
      if (status.terminal()) {
        assertThat(table.onOrderEnded(phase, belief, status)).as(status.name()).isEqualTo(next);
      }
    }
  }

  @Test
  void shouldLookOnceMoreBeforeItCallsACancelledOrderAnothersWork() {
    assertThat(table.onOrderEnded(Phase.RESTING, Belief.UNSENT, OrdStatus.CANCELED))
        .isEqualTo(BARRIER);
    assertThat(table.onOrderEnded(Phase.RESTING, Belief.UNSENT, OrdStatus.FILLED))
        .isEqualTo(AS_ORDER);
    assertThat(table.onOrderEnded(Phase.RESTING, Belief.UNSENT, OrdStatus.EXPIRED))
        .isEqualTo(AS_ORDER);
    assertThat(table.onOrderEnded(Phase.RESTING, Belief.UNSENT, OrdStatus.REJECTED))
        .isEqualTo(AS_ORDER);
  }

  @ParameterizedTest
  @CsvSource({
    "UNDECIDED, NEVER_SENT, UNRESOLVED, PENDING",
    "JOINED,    UNRESOLVED, UNRESOLVED, UNRESOLVED",
    "ASKED,     NEVER_SENT, UNRESOLVED, PENDING",
    "CALLING,   NEVER_SENT, UNRESOLVED, PENDING",
    "RESTING,   NEVER_SENT, UNRESOLVED, PENDING",
  })
  void shouldEndAtTheDeadline(Phase phase, Next unsent, Next unknown, Next accepted) {
    assertThat(row(b -> table.onDeadline(phase, b))).containsExactly(unsent, unknown, accepted);
  }

  @ParameterizedTest
  @CsvSource({
    "UNSENT,   false, false, WAIT",
    "UNSENT,   false, true,  WAIT",
    "UNSENT,   true,  false, ASK_CANCEL",
    "UNSENT,   true,  true,  ASK_CANCEL",
    "UNKNOWN,  false, false, WAIT",
    "UNKNOWN,  false, true,  ASK_STATUS",
    "UNKNOWN,  true,  false, ASK_CANCEL",
    "UNKNOWN,  true,  true,  ASK_CANCEL",
    "ACCEPTED, false, false, WAIT",
    "ACCEPTED, false, true,  ASK_STATUS",
    "ACCEPTED, true,  false, WAIT",
    "ACCEPTED, true,  true,  ASK_STATUS",
  })
  void shouldAskAgainWhenRested(Belief belief, boolean again, boolean query, Next next) {
    assertThat(table.onRested(belief, again, query)).isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource({
    "                , ASK_STATUS, REJECTED",
    "AMBIGUOUS,        ASK_STATUS, REJECTED",
    "NOT_SENT,         ASK_STATUS, REJECTED",
    "NOT_OPEN,         REJECTED,   REJECTED",
    "UNKNOWN_ORDER,    REJECTED,   REJECTED",
    "GONE_OR_UNKNOWN,  REJECTED,   REJECTED",
    "STATUS,           RETRY,      RETRY",
  })
  void shouldAskForTheStatusOfAnOrderThatIsGoneOrUnknown(
      @Nullable ReplyKind status, Next asked, Next cannot) {
    assertThat(table.onGone(status, true)).isEqualTo(asked);
    assertThat(table.onGone(status, false)).isEqualTo(cannot);
  }

  @Test
  void shouldBelieveTheDeskAtOnceButForWhatItMayDecideOtherwiseAfterACrash() {
    for (Reason reason : Reason.values()) {
      boolean passes =
          reason == Reason.DEADLINE_PASSED
              || reason == Reason.QUEUE_FULL
              || reason == Reason.TOO_MANY_PENDING;
      Next before = passes ? WAIT : Next.REJECTED;
      assertThat(table.onRefused(reason, false)).as(reason.name()).isEqualTo(before);
      assertThat(table.onRefused(reason, true)).as(reason.name()).isEqualTo(Next.REJECTED);
    }
  }

  @Test
  void shouldShareOnlyAnswersThatHoldForEveryCancelOfTheOrder() {
    // Given
    List<String> shared = new ArrayList<>();

    // When
    for (CancelResult result : CancelResult.values()) {
      for (Reason reason : Reason.values()) {
        if (table.holdsForJoined(Cancels.outcome(result, reason))) {
          shared.add(result == CancelResult.REJECTED ? reason.name() : result.name());
        }
      }
    }

    // Then
    assertThat(shared.stream().distinct())
        .containsExactly(
            "CANCELED",
            "PENDING",
            "ORDER_FILLED",
            "ORDER_CANCELED",
            "ORDER_REJECTED",
            "ORDER_EXPIRED",
            "ORDER_NOT_OPEN",
            "UNKNOWN_ORDER",
            "INVALID_REQUEST",
            "ACCOUNT_REFUSED",
            "UNSUPPORTED",
            "VENUE_REFUSED");
    assertThat(shared.stream().filter(s -> s.equals("CANCELED"))).hasSize(Reason.values().length);
  }

  private interface Cell {
    Next at(Belief belief);
  }

  private static List<Next> row(Cell cell) {
    return List.of(cell.at(Belief.UNSENT), cell.at(Belief.UNKNOWN), cell.at(Belief.ACCEPTED));
  }
}
