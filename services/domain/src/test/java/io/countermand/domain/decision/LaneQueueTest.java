package io.countermand.domain.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LaneQueueTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");

  private final LaneQueue<String> queue = new LaneQueue<>();

  @Test
  void shouldTakeTheFasterLaneFirst() {
    // Given
    offer("query", Lane.STATUS, "a", 1);
    offer("again", Lane.RETRY, "a", 2);
    offer("fresh", Lane.FRESH, "a", 3);
    offer("urgent", Lane.PRIORITY, "a", 4);
    // When, Then
    assertThat(all()).containsExactly("urgent", "fresh", "again", "query");
  }

  @Test
  void shouldKeepALaterAttemptOfAMassCancelBeforeFreshOnes() {
    assertThat(Lane.of(request(RequestKind.CANCEL, 2, "m"))).isEqualTo(Lane.KILL);
    assertThat(Lane.of(request(RequestKind.CANCEL, 2, null))).isEqualTo(Lane.RETRY);
    assertThat(Lane.of(request(RequestKind.STATUS, 2, "m"))).isEqualTo(Lane.STATUS);
  }

  @Test
  void shouldLetOthersGoEachThirdTimeWhereMassCancelsOnlyCallAgain() {
    // Given
    for (int i = 0; i < 8; i++) {
      offerAgain("again" + i, i);
    }
    offer("fresh", Lane.FRESH, "a", 1);
    offer("query", Lane.STATUS, "a", 1);
    // When, Then
    assertThat(all())
        .containsExactly(
            "again0", "again1", "fresh", "again2", "again3", "query", "again4", "again5", "again6",
            "again7");
  }

  @Test
  void shouldLetNobodyGoBeforeFirstAttemptsOfMassCancels() {
    // Given: later ones for long, and nobody else
    for (int i = 0; i < 5; i++) {
      offerAgain("again" + i, i);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(next()).isEqualTo("again" + i);
    }
    // When
    offer("fresh", Lane.FRESH, "a", 1);
    offer("kill0", Lane.KILL, "a", 2);
    offer("kill1", Lane.KILL, "a", 2);
    // Then
    assertThat(all()).containsExactly("kill0", "kill1", "fresh", "again4");
  }

  @Test
  void shouldGiveMassCancelsARoomOfTheirOwn() {
    // Given three that wait, and two of a mass cancel
    for (int i = 0; i < 3; i++) {
      offer("fresh" + i, Lane.FRESH, "a", i);
    }
    offer("kill0", Lane.KILL, "a", 5);
    offer("kill1", Lane.KILL, "b", 5);
    // When, Then neither fills the other's
    assertThat(queue.view(Lane.FRESH, 3)).isEqualTo(new QueueView(3, 3));
    assertThat(queue.view(Lane.PRIORITY, 3).full()).isTrue();
    assertThat(queue.view(Lane.KILL, 3)).isEqualTo(new QueueView(2, 30));
    // When
    next();
    next();
    next();
    // Then
    assertThat(queue.view(Lane.KILL, 3)).isEqualTo(new QueueView(0, 30));
    assertThat(queue.view(Lane.FRESH, 3)).isEqualTo(new QueueView(2, 3));
    assertThat(queue.view(Lane.KILL, Integer.MAX_VALUE).bound()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void shouldTakeFirstWhatAMassCancelWantsToo() {
    // Given
    offer("fresh", Lane.FRESH, "a", 1);
    offer("again", Lane.RETRY, "a", 2);
    offer("query", Lane.STATUS, "a", 3);
    offer("kill", Lane.KILL, "a", 4);
    // When
    queue.hurry("again");
    queue.hurry("query");
    queue.hurry("nobody");
    // Then a status query cancels nothing
    assertThat(queue.size(Lane.RETRY)).isZero();
    assertThat(queue.size(Lane.KILL)).isEqualTo(2);
    assertThat(all()).containsExactly("again", "kill", "fresh", "query");
  }

  @Test
  void shouldTakeAccountsInTurn() {
    // Given
    for (int i = 0; i < 4; i++) {
      offer("a" + i, Lane.FRESH, "a", 10 + i);
    }
    offer("b0", Lane.FRESH, "b", 99);
    offer("c0", Lane.FRESH, "c", 98);
    // When, Then
    assertThat(all()).containsExactly("a0", "b0", "c0", "a1", "a2", "a3");
  }

  @Test
  void shouldPassOverAnAccountThatIsHeldUntilItIsReleased() {
    // Given
    offer("a0", Lane.KILL, "a", 1);
    offer("b0", Lane.FRESH, "b", 1);
    queue.hold("a");
    // When, Then
    assertThat(queue.ready()).isTrue();
    assertThat(next()).isEqualTo("b0");
    assertThat(queue.ready()).isFalse();
    assertThat(queue.next()).isNull();
    assertThat(queue.size()).isEqualTo(1);
    // When
    queue.hold(null);
    // Then
    assertThat(next()).isEqualTo("a0");
  }

  @Test
  void shouldPassOverOfAHeldAccountOnlyWhatStays() {
    // Given
    offer("urgent", Lane.FRESH, "a", 9);
    offer("soon", Lane.KILL, "a", 1);
    offer("kill", Lane.KILL, "a", 2);
    queue.hold("a", one -> one.lane() == Lane.KILL && one.deadline().isAfter(NOON.plusSeconds(1)));
    // When, Then
    assertThat(next()).isEqualTo("soon");
    assertThat(next()).isEqualTo("urgent");
    assertThat(queue.ready()).isFalse();
    assertThat(queue.holds("a")).isTrue();
    // When
    queue.hold(null);
    // Then
    assertThat(next()).isEqualTo("kill");
  }

  @Test
  void shouldKeepTheTurnWhenAnAccountComesBack() {
    // Given
    offer("a0", Lane.FRESH, "a", 1);
    offer("b0", Lane.FRESH, "b", 1);
    offer("b1", Lane.FRESH, "b", 2);
    // When
    String first = next();
    offer("a1", Lane.FRESH, "a", 2);
    // Then
    assertThat(first).isEqualTo("a0");
    assertThat(all()).containsExactly("b0", "a1", "b1");
  }

  @Test
  void shouldTakeTheEarlierDeadlineOfAnAccountFirstAndThenWhoCameFirst() {
    // Given
    offer("late", Lane.FRESH, "a", 9);
    offer("early", Lane.FRESH, "a", 1);
    offer("early2", Lane.FRESH, "a", 1);
    // When, Then
    assertThat(all()).containsExactly("early", "early2", "late");
  }

  @Test
  void shouldTakeTheSameIdOnce() {
    // When
    boolean first = offer("x", Lane.FRESH, "a", 1);
    boolean second = offer("x", Lane.RETRY, "b", 2);
    // Then
    assertThat(first).isTrue();
    assertThat(second).isFalse();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(all()).containsExactly("x");
  }

  @Test
  void shouldTakeOutWhatIsTooLate() {
    // Given
    offer("late", Lane.STATUS, "a", 5);
    offer("later", Lane.FRESH, "b", 6);
    offer("good", Lane.FRESH, "b", 7);
    assertThat(queue.firstDeadline()).isEqualTo(NOON.plusSeconds(5));
    // When
    List<LaneQueue.Waiting<String>> expired = queue.expired(NOON.plusSeconds(6));
    // Then
    assertThat(expired).extracting(LaneQueue.Waiting::what).containsExactly("late", "later");
    assertThat(all()).containsExactly("good");
    assertThat(queue.firstDeadline()).isEqualTo(Instant.MAX);
  }

  @Test
  void shouldTakeOutWhatIsWithdrawn() {
    // Given
    offer("x", Lane.FRESH, "a", 1);
    offer("y", Lane.FRESH, "a", 2);
    // When
    queue.removeIf("x"::equals);
    // Then
    assertThat(queue.size(Lane.FRESH)).isEqualTo(1);
    assertThat(all()).containsExactly("y");
  }

  @Test
  void shouldTakeOneOutByItsId() {
    // Given
    offer("x", Lane.STATUS, "a", 1);
    offer("y", Lane.STATUS, "a", 2);
    // When
    queue.remove("x");
    queue.remove("unknown");
    // Then
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.firstDeadline()).isEqualTo(NOON.plusSeconds(2));
    assertThat(all()).containsExactly("y");
  }

  @Test
  void shouldHurryIntoALaneAndNeverIntoASlowerOne() {
    // Given
    offer("kill", Lane.KILL, "a", 1);
    offer("fresh", Lane.FRESH, "a", 2);
    offer("retry", Lane.RETRY, "a", 3);
    offer("status", Lane.STATUS, "a", 4);
    // When
    List.of("kill", "retry", "status", "unknown").forEach(id -> queue.hurry(id, Lane.PRIORITY));
    // Then
    assertThat(all()).containsExactly("kill", "retry", "fresh", "status");
  }

  private static CancelRequest request(RequestKind kind, int attemptNo, @Nullable String massId) {
    var cancel =
        new Cancel(
            "c",
            new OrderRef("v", "a", "1"),
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
            new Evidence("cancel-intents", 0, 1),
            "d",
            massId);
    return new CancelRequest(cancel, kind, attemptNo, null, NOON);
  }

  private boolean offer(String id, Lane lane, String account, int deadline) {
    return queue.offer(new LaneQueue.Waiting<>(id, lane, account, NOON.plusSeconds(deadline), id));
  }

  private void offerAgain(String id, int deadline) {
    assertThat(
            queue.offer(
                new LaneQueue.Waiting<>(id, Lane.KILL, "a", NOON.plusSeconds(deadline), true, id)))
        .isTrue();
  }

  private String next() {
    LaneQueue.Waiting<String> waiting = queue.next();
    return waiting == null ? "" : waiting.what();
  }

  private List<String> all() {
    List<String> all = new ArrayList<>();
    while (queue.size() > 0) {
      all.add(next());
    }
    return all;
  }
}
