package io.countermand.console.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.kept.CompactedTopic.Entry;
import io.countermand.events.KillRelease;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassScope;
import io.countermand.events.serde.Decoded;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of kill switches: none that may be on is passed over in silence. */
class KeptSwitchesTest {

  private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");

  private final KeptSwitches switches = new KeptSwitches(3, 1 << 20);
  private long offset;

  private void take(String key, Decoded<KillSwitch> value) {
    switches.take(new Entry<>(key, "kill-switches", 0, offset++, value));
  }

  private void on(String id, int second) {
    take(id, new Decoded.Ok<>(fired(id, second, "why")));
  }

  private static KillSwitch fired(String id, int second, String reason) {
    var mass = new MassCancel();
    mass.setMassId(id);
    mass.setScope(new MassScope());
    mass.setBy("alice");
    mass.setReason(reason);
    mass.setCreatedAt(START);
    return new KillSwitch(mass, START.plusSeconds(second), null);
  }

  private void off(String id, int second) {
    KillSwitch off = fired(id, second, "why");
    off.setReleased(new KillRelease("r", "bob", "mended", START));
    take(id, new Decoded.Ok<>(off));
  }

  private void poison(String key, Decoded.Kind kind) {
    take(key, new Decoded.Poison<>(kind, "odd"));
  }

  private static List<String> ids(List<KillSwitch> of) {
    return of.stream().map(each -> each.getMass().getMassId()).toList();
  }

  @Test
  void shouldTellWhatIsOnTheNewestFirst() {
    // When
    on("a", 1);
    on("b", 3);
    on("c", 2);
    off("a", 1);
    // Then
    assertThat(ids(switches.standing().on())).containsExactly("b", "c");
    assertThat(ids(switches.standing().released())).containsExactly("a");
  }

  @Test
  void shouldDropReleasedOnesFirstAndSayWhenOneThatIsOnHadToGo() {
    // When
    off("a", 1);
    on("b", 2);
    on("c", 3);
    on("d", 4);
    // Then
    assertThat(switches.standing().gone()).isEqualTo(1);
    assertThat(switches.standing().onGone()).isFalse();
    assertThat(ids(switches.standing().on())).containsExactly("d", "c", "b");
    // When
    on("e", 5);
    // Then
    assertThat(switches.standing().onGone()).isTrue();
    assertThat(ids(switches.standing().on())).containsExactly("e", "d", "c");
  }

  @Test
  void shouldBeBoundedInBytes() {
    // Given
    var small = new KeptSwitches(100, 50_000);
    // When
    for (int i = 0; i < 50; i++) {
      small.take(
          new Entry<>("k" + i, "t", 0, i, new Decoded.Ok<>(fired("k" + i, i, "x".repeat(10_000)))));
    }
    // Then
    assertThat(small.standing().on()).hasSize(2);
    // When: the same one again and again
    for (int i = 0; i < 50; i++) {
      small.take(new Entry<>("k49", "t", 0, 50 + i, new Decoded.Ok<>(fired("k49", i, "short"))));
    }
    // Then
    assertThat(small.standing().on()).hasSize(2);
  }

  @Test
  void shouldTellWhatCannotBeReadUntilItsKeySaysSomethingElse() {
    // When
    poison("a", Decoded.Kind.NOT_AVRO);
    on("b", 1);
    poison("b", Decoded.Kind.UNKNOWN_SCHEMA);
    // Then
    assertThat(switches.standing().unreadable())
        .containsExactly(
            "kill-switches-0@0 cannot be read: NOT_AVRO, odd",
            "kill-switches-0@2 cannot be read: UNKNOWN_SCHEMA, odd");
    assertThat(ids(switches.standing().on())).containsExactly("b");
    // When
    on("a", 2);
    poison("b", Decoded.Kind.NULL_VALUE);
    // Then
    assertThat(switches.standing().unreadable()).isEmpty();
    assertThat(ids(switches.standing().on())).containsExactly("a", "b");
  }

  @Test
  void shouldSayThatMoreCannotBeReadThanAreNamed() {
    // When
    for (int i = 0; i < 101; i++) {
      poison("k" + i, Decoded.Kind.NOT_AVRO);
    }
    // Then
    assertThat(switches.standing().unreadable()).hasSize(101).last().asString().contains("others");
  }
}
