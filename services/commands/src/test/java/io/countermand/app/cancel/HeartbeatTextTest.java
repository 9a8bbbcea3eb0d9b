package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.client.DeadManReader;
import io.countermand.kafka.client.DeadManReader.Standing;
import io.countermand.kafka.client.DeadManReader.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who reads this at three in the morning must see what is not known. */
class HeartbeatTextTest {

  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @Test
  void shouldSayThatNoneIsArmedOnlyIfAllWereRead() {
    assertThat(lines(found(List.of(), List.of(), NOW)))
        .singleElement()
        .asString()
        .startsWith("no dead-man's switch is armed");
    assertThat(lines(found(List.of(), List.of("odd"), NOW))).isEmpty();
    assertThat(HeartbeatText.caveats(found(List.of(), List.of("odd"), NOW), NOW))
        .startsWith(
            "odd", "so a dead-man's switch may be armed that is not shown, or shown and not armed");
  }

  @Test
  void shouldShowOneThatIsOverdueAmongTheArmed() {
    var found = found(List.of(one(State.OVERDUE), one(State.FIRED)), List.of(), NOW);
    assertThat(lines(found))
        .singleElement()
        .asString()
        .startsWith("OVERDUE dead-man's switch a (venue v, account b): last heartbeat 10 s ago")
        .endsWith("; OVERDUE since 2026-11-29T11:59:55Z, and no record says that it fired: why");
    assertThat(HeartbeatText.lines(found, true, NOW)).hasSize(2);
  }

  @Test
  void shouldSayThatNobodySeemsToWatch() {
    var armed = List.of(one(State.ARMED));
    assertThat(caveats(found(armed, List.of(), NOW.minusSeconds(60)))).doesNotContain("NOBODY");
    assertThat(caveats(found(armed, List.of(), NOW.minusSeconds(100)))).contains("NOBODY SEEMS");
    assertThat(caveats(found(armed, List.of(), null))).contains("NOBODY SEEMS");
    assertThat(caveats(found(List.of(one(State.OFF)), List.of(), null))).doesNotContain("NOBODY");
  }

  private static List<String> lines(DeadManReader.Found found) {
    return HeartbeatText.lines(found, false, NOW);
  }

  private static String caveats(DeadManReader.Found found) {
    return String.join("\n", HeartbeatText.caveats(found, NOW));
  }

  private static DeadManReader.Found found(
      List<Standing> switches, List<String> unreadable, @Nullable Instant tick) {
    return new DeadManReader.Found(switches, unreadable, NOW.minus(Duration.ofHours(25)), tick);
  }

  private static Standing one(State state) {
    Instant heard = NOW.minusSeconds(10);
    var word =
        new Heartbeat(
            "a", MassScope.of("v", "b"), Duration.ofSeconds(5), "test", "why", false, heard);
    var last = new DeadManSwitch(word, new Evidence("heartbeats", 0, 1), heard, heard, true);
    return new Standing(state, last, state == State.FIRED ? NOW : null);
  }
}
