package io.countermand.domain.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadManWatchTest {

  private static final Instant START = Instant.parse("2026-11-29T08:00:00Z");

  private final DeadManWatch watch = new DeadManWatch();
  private int offset;

  @Test
  void shouldFireOnceWhenSilentForItsTimeOut() {
    // Given
    beat("x", 2_000, 0);
    // When
    var early = ticks(250, 1_999);
    var due = tick(2_000);
    var later = ticks(2_250, 9_000);
    // Then
    assertThat(early).isEmpty();
    assertThat(due.fired())
        .singleElement()
        .satisfies(one -> assertThat(one.since()).isEqualTo(START));
    assertThat(due.drop()).containsExactly("x");
    assertThat(later).isEmpty();
    MassCancel mass = due.fired().getFirst().fires(at(2_000));
    assertThat(mass.scope()).isEqualTo(MassScope.of("v", "a"));
    assertThat(mass.by()).isEqualTo("dead-man's switch x");
    assertThat(mass.reason())
        .isEqualTo("no heartbeat for 2 s since " + START + " (heartbeats-0@0, by algo): test");
    assertThat(mass.deadline()).isEqualTo(at(302_000));
    assertThat(new MassCheck(Duration.ofHours(1)).check(mass, at(2_100)))
        .isInstanceOf(MassCheck.Taken.class);
  }

  @Test
  void shouldWarnOnceAtHalfItsTimeOut() {
    beat("x", 2_000, 0);

    assertThat(tick(400).warned()).isEmpty();
    assertThat(tick(800).warned()).isEmpty();
    assertThat(tick(1_000).warned()).hasSize(1);
    assertThat(tick(1_200).warned()).isEmpty();
    beat("x", 2_000, 1_300);
    assertThat(tick(1_700).warned()).isEmpty();
    assertThat(tick(2_100).warned()).isEmpty();
    assertThat(tick(2_300).warned()).hasSize(1);
  }

  @Test
  void shouldGiveTheWholeTimeOutAnewAfterAGap() {
    // Given: a quarter of the time-out, and half a second at least
    beat("x", 4_000, 0);
    tick(1_000);
    tick(2_000);
    // When: nobody watched for longer than that
    tick(3_001);
    // Then
    assertThat(ticks(3_500, 7_000)).isEmpty();
    assertThat(tick(7_001).fired()).hasSize(1);
  }

  @Test
  void shouldTakeAClockThatGoesBackForAGap() {
    beat("x", 1_000, 10_000);
    tick(10_300);
    tick(5_000);

    assertThat(ticks(5_250, 5_999)).isEmpty();
    assertThat(tick(6_000).fired()).hasSize(1);
  }

  @Test
  void shouldHearWhatStandsBeforeTheTick() {
    beat("x", 1_000, 0);
    ticks(250, 999);
    beat("x", 1_000, 990);

    assertThat(tick(1_000).fired()).isEmpty();
  }

  @Test
  void shouldNotDecideOverAWordThatCannotBeReadYet() {
    // Given
    beat("x", 1_000, 0);
    beat("y", 1_000, 0);
    ticks(250, 999);
    // When
    var step = watch.tick(new Evidence("heartbeats", 0, offset++), at(1_000), "x"::equals);
    // Then
    assertThat(step.fired()).extracting(one -> one.word().switchId()).containsExactly("y");
    assertThat(ticks(1_250, 1_999)).isEmpty();
    assertThat(tick(2_000).fired()).hasSize(1);
  }

  @Test
  void shouldNotCountSilenceFromATickThatStandsBeforeWhatWasHeardLast() {
    // Given: a tick that cannot be read when its turn comes
    beat("x", 2_000, 0);
    var first = new Evidence("heartbeats", 0, offset++);
    beat("x", 2_000, 600);
    // When
    watch.tick(first, at(50), _ -> false);
    // Then
    assertThat(ticks(850, 2_599)).isEmpty();
    assertThat(tick(2_600).fired()).hasSize(1);
  }

  @Test
  void shouldHearAWordThatCouldBeReadLaterOnly() {
    // Given: x is armed; its "off" and z's first word cannot be read when their turn comes
    beat("x", 1_000, 0);
    var off = new Evidence("heartbeats", 0, offset++);
    var first = new Evidence("heartbeats", 0, offset++);
    for (int millis = 250; millis <= 2_000; millis += 250) {
      watch.tick(new Evidence("heartbeats", 0, offset++), at(millis), _ -> true);
    }
    // When
    watch.heard(word("x", 0), off, at(100), true);
    watch.heard(word("z", 1_000), first, at(110), true);
    // Then: one is off, the other has its whole time-out from the last tick on
    assertThat(watch.armed()).extracting(one -> one.word().switchId()).containsExactly("z");
    assertThat(ticks(2_250, 2_999)).isEmpty();
    assertThat(tick(3_000).fired())
        .singleElement()
        .satisfies(one -> assertThat(one.heard()).isEqualTo(at(110)));
    // When: once more, by a store that was behind
    watch.heard(word("z", 1_000), first, at(110), false);
    // Then
    assertThat(watch.armed()).isEmpty();
  }

  @Test
  void shouldNotFireAgainWhatIsOnRecordAsFired() {
    // Given: a state that was lost
    beat("x", 1_000, 0);
    beat("y", 1_000, 0);
    String fired = watch.armed().iterator().next().massId();
    // When
    watch.fired("x", fired);
    watch.fired("y", fired); // of another heartbeat
    // Then
    ticks(250, 999);
    assertThat(tick(1_000).fired()).extracting(one -> one.word().switchId()).containsExactly("y");
  }

  @Test
  void shouldBeOffAfterATimeOutOfNothingAndArmedByTheNextWord() {
    beat("x", 1_000, 0);
    beat("x", 0, 100);
    assertThat(ticks(250, 3_000)).isEmpty();
    assertThat(watch.period()).isNull();

    beat("x", 1_000, 3_100);
    ticks(3_200, 4_099);
    assertThat(tick(4_100).fired()).hasSize(1);

    beat("x", 1_000, 5_000);
    ticks(5_200, 5_999);
    assertThat(tick(6_000).fired()).hasSize(1);
  }

  @Test
  void shouldPassOverWhatItReadBefore() {
    // Given
    beat("x", 1_000, 0);
    ticks(250, 999);
    assertThat(tick(1_000).fired()).hasSize(1);
    // When: offsets are lost, the store is not
    offset = 0;
    beat("x", 1_000, 0);
    // Then
    assertThat(ticks(250, 1_001)).isEmpty();
    assertThat(watch.armed()).isEmpty();
  }

  @Test
  void shouldTickAsOftenAsTheShortestTimeOutAsks() {
    assertThat(watch.period()).isNull();
    beat("x", 86_400_000, 0);
    assertThat(watch.period()).isEqualTo(Duration.ofMinutes(1));
    beat("y", 8_000, 0);
    assertThat(watch.period()).isEqualTo(Duration.ofSeconds(1));
    beat("z", 1_000, 0);
    assertThat(watch.period()).isEqualTo(Duration.ofMillis(200));
    assertThat(watch.next()).isEqualTo(at(500));
  }

  @Test
  void shouldSayWhatIsWrongWithAHeartbeat() {
    assertThat(word("x", 1_000).problems()).isEmpty();
    assertThat(word("x", 86_400_000).problems()).isEmpty();
    assertThat(word(" ", 1_000).problems()).containsExactly("switchId is empty");
    for (long millis : List.of(-1L, 1L, 999L, 86_400_001L)) {
      assertThat(word("x", millis).problems())
          .singleElement()
          .asString()
          .contains("the time-out is " + millis + " ms");
    }
    MassScope none = MassScope.of(null, null);
    assertThat(new Heartbeat("x", none, Duration.ofSeconds(1), "algo", "", false, START).problems())
        .singleElement()
        .asString()
        .contains("the scope is empty");
    assertThat(new Heartbeat("x", none, Duration.ZERO, "algo", "", false, START).problems())
        .isEmpty();
  }

  /** All steps that lead to something, but for what they keep. */
  private List<DeadManSwitch> ticks(int from, int to) {
    List<DeadManSwitch> fired = new java.util.ArrayList<>();
    for (int millis = from; millis <= to; millis += 250) {
      fired.addAll(tick(millis).fired());
    }
    return fired;
  }

  private DeadManWatch.Step tick(int millis) {
    return watch.tick(new Evidence("heartbeats", 0, offset++), at(millis), _ -> false);
  }

  private void beat(String id, long timeout, int millis) {
    watch.heard(word(id, timeout), new Evidence("heartbeats", 0, offset++), at(millis), false);
  }

  private static Heartbeat word(String id, long timeout) {
    return new Heartbeat(
        id, MassScope.of("v", "a"), Duration.ofMillis(timeout), "algo", "test", false, START);
  }

  private static Instant at(int millis) {
    return START.plusMillis(millis);
  }
}
