package io.countermand.domain;

import static io.countermand.domain.Cancels.AT;
import static io.countermand.domain.Cancels.T0;
import static io.countermand.domain.Cancels.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.IntentCheck.Malformed;
import io.countermand.domain.IntentCheck.Unanswerable;
import io.countermand.domain.IntentCheck.WellFormed;
import io.countermand.domain.order.OrderRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntentCheckTest {

  private final IntentCheck check = new IntentCheck(Duration.ofSeconds(30), Duration.ofMinutes(5));

  @Test
  void shouldCarryAWellFormedIntentOn() {
    // When
    var checked = (WellFormed) check(intent("c-1", Cancels.ORDER, at(5000), Map.of("k", "v")));

    // Then
    assertThat(checked.cancel().cancelId()).isEqualTo("c-1");
    assertThat(checked.cancel().order()).isEqualTo(Cancels.ORDER);
    assertThat(checked.cancel().deadline()).isEqualTo(at(5000));
    assertThat(checked.cancel().receivedAt()).isEqualTo(T0);
    assertThat(checked.cancel().intent()).isEqualTo(AT);
    assertThat(checked.cancel().digest()).hasSize(22);
  }

  @Test
  void shouldGiveADefaultDeadlineAndCutAFarOne() {
    assertThat(deadline(null)).isEqualTo(T0.plusSeconds(30));
    assertThat(deadline(T0.plusSeconds(300))).isEqualTo(T0.plusSeconds(300));
    assertThat(deadline(T0.plusSeconds(301))).isEqualTo(T0.plusSeconds(300));
    assertThat(deadline(T0.minusSeconds(1))).isEqualTo(T0.minusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb", "\u0000"})
  void shouldNotAnswerWithoutAUsableId(String id) {
    assertThat(check(intent(id, Cancels.ORDER, null, Map.of()))).isInstanceOf(Unanswerable.class);
  }

  @Test
  void shouldTakeIdsUpToTheirLimits() {
    assertThat(check(intent("i".repeat(128), Cancels.ORDER, null, Map.of())))
        .isInstanceOf(WellFormed.class);
    assertThat(check(intent("i".repeat(129), Cancels.ORDER, null, Map.of())))
        .isInstanceOf(Unanswerable.class);
    assertThat(check(intent("c", new OrderRef("v", "a", "o".repeat(256)), null, Map.of())))
        .isInstanceOf(WellFormed.class);
  }

  @Test
  void shouldCutWhatItAnswersThoughItCannotUseIt() {
    // When
    var checked =
        (Malformed) check(intent("c", new OrderRef("v", "a", "o".repeat(257)), null, Map.of()));

    // Then
    assertThat(checked.text()).isEqualTo("orderId has 257 characters, at most 256 are allowed");
    assertThat(checked.cancel().order().orderId()).isEqualTo("o".repeat(256) + "…");
  }

  @Test
  void shouldNameAllProblemsAtOnce() {
    // When
    var checked =
        (Malformed)
            check(intent("c", new OrderRef("", " ", "o\tx"), null, Map.of("k", "v".repeat(16384))));

    // Then
    assertThat(checked.text())
        .isEqualTo(
            "venue is empty; account is empty; orderId has a control character; "
                + "attributes have 16385 characters, at most 16384 are allowed");
  }

  @Test
  void shouldSayThatMicrosecondsAreExpected() { // case B3b
    // Given: our schema's microseconds, and milliseconds, seconds, nanoseconds in them
    long micros = T0.toEpochMilli() * 1000;
    for (long number : new long[] {micros / 1000, micros / 1_000_000, micros * 1000, 0}) {
      Instant time = Instant.EPOCH.plus(Duration.of(number, ChronoUnit.MICROS));

      // When
      var deadline = check(intent("c", Cancels.ORDER, time, Map.of()));
      var created = check(created(time));

      // Then
      assertThat(((Malformed) deadline).text()).contains("deadline", "microseconds expected");
      assertThat(((Malformed) created).text()).contains("createdAt", "microseconds expected");
      assertThat(((Malformed) deadline).cancel().deadline()).isEqualTo(T0.plusSeconds(30));
      assertThat(((Malformed) created).cancel().createdAt()).isEqualTo(T0);
    }
    assertThat(check(created(T0.minus(Duration.ofDays(9000))))).isInstanceOf(WellFormed.class);
  }

  @Test
  void shouldMeasureIdsInBytes() {
    // Then
    assertThat(check(intent("ü".repeat(64), Cancels.ORDER, null, Map.of())))
        .isInstanceOf(WellFormed.class);
    assertThat(check(intent("ü".repeat(65), Cancels.ORDER, null, Map.of())))
        .isInstanceOf(Unanswerable.class);
    var checked =
        (Malformed) check(intent("c", new OrderRef("v", "a", "語".repeat(86)), null, Map.of()));
    assertThat(checked.text()).isEqualTo("orderId has 258 bytes, at most 256 are allowed");
    assertThat(checked.cancel().order().orderId()).isEqualTo("語".repeat(85) + "…");
  }

  @Test
  void shouldCountAttributes() {
    // Given
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 257; i++) {
      many.put("k" + i, "");
    }

    // Then
    assertThat(((Malformed) check(intent("c", Cancels.ORDER, null, many))).text())
        .isEqualTo("there are 257 attributes, at most 256 are allowed");
  }

  private static Intent created(Instant at) {
    return new Intent("c", Cancels.ORDER, null, null, null, null, false, false, null, Map.of(), at);
  }

  @Test
  void shouldTakeAttributesUpToTheLimit() {
    assertThat(check(intent("c", Cancels.ORDER, null, Map.of("k", "v".repeat(16383)))))
        .isInstanceOf(WellFormed.class);
  }

  @Test
  void shouldDigestWhatIsAskedAndNothingElse() {
    // Given
    String digest = intent("c", Cancels.ORDER, null, Map.of()).digest();

    // Then
    assertThat(intent("d", Cancels.ORDER, at(1), Map.of("k", "v")).digest()).isEqualTo(digest);
    assertThat(intent("c", new OrderRef("v", "acc", "o2"), null, Map.of()).digest())
        .isNotEqualTo(digest);
    assertThat(named("STOP1", null, false, false).digest()).isNotEqualTo(digest);
    assertThat(named(null, "STOP1", false, false).digest())
        .isNotEqualTo(named("STOP1", null, false, false).digest());
    assertThat(named(null, null, true, false).digest()).isNotEqualTo(digest);
    assertThat(named(null, null, true, false).digest())
        .isNotEqualTo(named(null, null, false, true).digest());
  }

  private IntentCheck.Checked check(Intent intent) {
    return check.check(intent, AT, T0);
  }

  private Instant deadline(@Nullable Instant asked) {
    return ((WellFormed) check(intent("c", Cancels.ORDER, asked, Map.of()))).cancel().deadline();
  }

  private static Intent intent(
      String id, OrderRef order, @Nullable Instant deadline, Map<String, String> attributes) {
    return new Intent(id, order, null, null, null, deadline, false, false, null, attributes, T0);
  }

  private static Intent named(
      @Nullable String name, @Nullable String strategy, boolean override, boolean automated) {
    return new Intent(
        "c", Cancels.ORDER, name, strategy, null, null, override, automated, null, Map.of(), T0);
  }
}
