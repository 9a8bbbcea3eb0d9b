package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.client.EventRecord;
import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.CancelRates;
import io.countermand.console.kept.KeptCancels;
import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is kept of cancels, and what is found of it. */
class CancelsTest {

  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final Filter ALL = Filter.of(_ -> null);

  private final KeptCancels cancels = new KeptCancels(3, 1 << 20, new CancelRates(), Duration.ZERO);

  private static EventRecord<CancelIntent> intent(String id, int second) {
    var intent = new CancelIntent();
    intent.setCancelId(id);
    intent.setVenue("v");
    intent.setAccount("a");
    intent.setOrderId("order of " + id);
    intent.setAttributes(Map.of());
    intent.setCreatedAt(START);
    return new EventRecord<>(intent, "cancel-intents", 0, second, START.plusSeconds(second), null);
  }

  private List<String> kept() {
    return cancels.newest(ALL::wants, 10).stream().map(CancelLife::cancelId).toList();
  }

  @Test
  void shouldKeepTheNewestInWhateverOrderTheyAreRead() {
    // When
    for (int second : new int[] {4, 1, 3, 5, 2}) {
      cancels.intent(intent("c" + second, second));
    }
    // Then
    assertThat(kept()).containsExactly("c5", "c4", "c3");
    assertThat(cancels.gone()).isEqualTo(2);
  }

  @Test
  void shouldNotBringBackWhatWent() {
    // Given
    for (int second = 1; second <= 4; second++) {
      cancels.intent(intent("c" + second, second));
    }
    // When: another record of the first one is read later
    cancels.intent(intent("c1", 1));
    // Then
    assertThat(kept()).containsExactly("c4", "c3", "c2");
    assertThat(cancels.gone()).isEqualTo(1);
  }

  @Test
  void shouldBeBoundedInBytesToo() {
    // Given
    var small = new KeptCancels(1_000, 10_000, new CancelRates(), Duration.ZERO);
    // When
    for (int second = 0; second < 100; second++) {
      small.intent(intent("c" + second, second));
    }
    // Then
    int bytes = small.all().stream().mapToInt(CancelLife::weight).sum();
    assertThat(bytes).isBetween(5_000, 10_000);
    assertThat(small.all().getFirst().cancelId()).isEqualTo("c99");
  }

  @Test
  void shouldKeepARecordOnce() {
    // When
    cancels.intent(intent("c", 1));
    cancels.intent(intent("c", 1));
    cancels.intent(intent("c", 2));
    // Then
    CancelLife life = cancels.all().getFirst();
    assertThat(life.steps()).hasSize(2);
    assertThat(life.received()).isEqualTo(START.plusSeconds(1));
  }

  @Test
  void shouldShowWhatWasRefusedForLackOfAnOrder() {
    // Given
    var cancel = new Cancel();
    cancel.setCancelId("c");
    cancel.setVenue("v");
    cancel.setAccount("");
    cancel.setOrderId(" ");
    cancel.setReceivedAt(START);
    cancel.setDeadline(START.plusSeconds(10));
    var outcome = new CancelOutcome();
    outcome.setCancel(cancel);
    outcome.setResult(CancelResult.REJECTED);
    outcome.setReason(Reason.MALFORMED);
    outcome.setText("no account");
    outcome.setAttempts(List.of());
    outcome.setDecidedAt(START.plusSeconds(1));
    // When
    cancels.outcome(new EventRecord<>(outcome, "cancel-outcomes", 0, 0, START, null));
    // Then
    assertThat(found("reason", "MALFORMED")).containsExactly("c");
    assertThat(cancels.find("v//%20", "c")).isPresent();
  }

  @Test
  void shouldFindByAnyPartOfAnIdInAnyCase() {
    // Given
    cancels.intent(intent("One", 1));
    cancels.intent(intent("two", 2));
    // Then
    assertThat(found("q", "ONE")).containsExactly("One");
    assertThat(found("q", "order of t")).containsExactly("two");
    assertThat(found("result", "OPEN")).hasSize(2);
    assertThat(found("result", "CANCELED")).isEmpty();
    assertThat(found("venue", "w")).isEmpty();
  }

  private List<String> found(String name, String value) {
    Filter filter = Filter.of(each -> each.equals(name) ? value : null);
    return cancels.newest(filter::wants, 10).stream().map(CancelLife::cancelId).toList();
  }

  @Test
  void shouldTellWhatCameSinceAMark() {
    // Given
    cancels.outcome(outcome("before"));
    String mark = cancels.mark();
    // When
    cancels.outcome(outcome("one"));
    cancels.outcome(outcome("two"));
    // Then
    KeptCancels.News news = cancels.since(mark);
    assertThat(news.lives()).extracting(CancelLife::cancelId).containsExactly("one", "two");
    assertThat(cancels.since(news.mark()).lives()).isEmpty();
    for (String strange : new String[] {null, "", "1-2", "x", mark + "x", mark + "9999"}) {
      assertThat(cancels.since(strange)).isEqualTo(new KeptCancels.News(news.mark(), List.of(), 0));
    }
  }

  @Test
  void shouldTellOfAnOutcomeWhoseCancelWent() {
    // Given: more cancels than are kept, all of them newer
    String mark = cancels.mark();
    for (int second = 1; second <= 4; second++) {
      cancels.intent(intent("c" + second, second));
    }
    // When
    cancels.outcome(outcome("old"));
    // Then
    assertThat(kept()).doesNotContain("old");
    assertThat(cancels.since(mark).lives())
        .singleElement()
        .satisfies(told -> assertThat(told.cancelId()).isEqualTo("old"))
        .satisfies(told -> assertThat(told.open()).isFalse());
  }

  private static EventRecord<CancelOutcome> outcome(String id) {
    var cancel = new Cancel();
    cancel.setCancelId(id);
    cancel.setVenue("v");
    cancel.setAccount("a");
    cancel.setOrderId("order of " + id);
    cancel.setReceivedAt(START);
    cancel.setDeadline(START.plusSeconds(10));
    var outcome = new CancelOutcome();
    outcome.setCancel(cancel);
    outcome.setResult(CancelResult.CANCELED);
    outcome.setReason(Reason.CONFIRMED_BY_VENUE);
    outcome.setText("");
    outcome.setAttempts(List.of());
    outcome.setDecidedAt(START.plusSeconds(1));
    return new EventRecord<>(outcome, "cancel-outcomes", 0, id.hashCode(), START, null);
  }

  @Test
  void shouldTellTheAddressOfAFilter() {
    Filter filter = Filter.of(name -> name.equals("q") ? "a&b=<é" : null);
    assertThat(filter.query()).isEqualTo("?q=a%26b%3D%3C%C3%A9");
    assertThat(ALL.query()).isEmpty();
  }
}
