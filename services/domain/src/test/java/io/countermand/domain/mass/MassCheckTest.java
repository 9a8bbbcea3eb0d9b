package io.countermand.domain.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Side;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is taken or refused is written on: to reports, to every partition, to kill switches. */
class MassCheckTest {

  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");

  /** A megabyte, in a record that was compressed. */
  private static final String LONG = "x".repeat(1 << 20);

  private final MassCheck check = new MassCheck(Duration.ofHours(1));

  @Test
  void shouldCutTheReasonOfWhatItTakes() {
    // When
    var taken = (MassCheck.Taken) check.check(mass(MassScope.of("v", "a"), "ops", LONG), NOW);
    // Then: neither its switch nor its release can be too large for a topic
    assertThat(taken.mass().toString()).hasSizeLessThan(2_000);
    assertThat(taken.mass().reason()).endsWith("…");
  }

  @Test
  void shouldCutTheReasonOfARelease() {
    // When
    var taken =
        (MassCheck.Taken)
            check.check(MassCancel.release("r", "k", "ops", LONG, NOW).harmless(), NOW);
    // Then
    assertThat(taken.mass().toString()).hasSizeLessThan(2_000);
  }

  @Test
  void shouldCutAllOfWhatItRefuses() {
    // Given
    var scope = new MassScope(false, LONG, LONG, LONG, Side.BUY, LONG, LONG, LONG, LONG);
    // When
    var refused = (MassCheck.Refused) check.check(mass(scope, LONG, LONG), NOW);
    var release =
        (MassCheck.Refused) check.check(MassCancel.release("r", LONG, "ops", "why", NOW), NOW);
    // Then: its report can be written
    assertThat(refused.mass().toString()).hasSizeLessThan(5_000);
    assertThat(refused.text()).contains("scope.venue has 1048576 characters", "by has 1048576");
    assertThat(release.mass().toString()).hasSizeLessThan(2_000);
  }

  private static MassCancel mass(MassScope scope, String by, String reason) {
    return new MassCancel("m", scope, by, reason, null, false, false, NOW, true, null);
  }
}
