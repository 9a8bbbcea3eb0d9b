package io.countermand.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {

  private long now;

  private final SignInLimits attempts =
      new SignInLimits(
          new TimeMeter() {
            @Override
            public long currentTimeNanos() {
              return now;
            }

            @Override
            public boolean isWallClockBased() {
              return false;
            }
          });

  /** How many of so many were let through. */
  private int tries(int count, String name, String address) {
    int taken = 0;
    for (int i = 0; i < count; i++) {
      taken += attempts.take(name, address) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void shouldBoundTriesForANameFromAnAddressAndLetThemGoOnLater() {
    // When, then
    assertThat(tries(50, "alice", "a")).isEqualTo(5);
    now += Duration.ofSeconds(31).toNanos();
    assertThat(tries(50, "alice", "a")).isEqualTo(1);
    now += Duration.ofHours(1).toNanos();
    assertThat(tries(50, "alice", "a")).isEqualTo(5);
  }

  @Test
  void shouldBoundTriesForManyNamesFromAnAddress() {
    // When
    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += tries(1, "name" + i, "a");
    }
    // Then
    assertThat(taken).isEqualTo(20);
    assertThat(tries(1, "bob", "b")).isEqualTo(1);
  }

  @Test
  void shouldNotLetGuessesFromElsewhereLockOutWhoHasTheName() {
    // Given
    assertThat(attempts.take("alice", "home")).isTrue();
    attempts.succeeded("alice", "home");
    // When: from everywhere
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      taken += tries(5, "alice", "address" + i);
    }
    // Then
    assertThat(taken).isEqualTo(20);
    assertThat(tries(50, "alice", "home")).isEqualTo(5);
    // When
    now += Duration.ofMinutes(1).toNanos();
    // Then: nor for ever who signs in at a new place
    assertThat(tries(1, "alice", "hotel")).isEqualTo(1);
  }

  @Test
  void shouldCountFailuresOnly() {
    for (int i = 0; i < 100; i++) {
      assertThat(attempts.take("alice", "a")).isTrue();
      attempts.succeeded("alice", "a");
    }
  }

  @Test
  void shouldForgetNobodysLimitForNamesThatAreMadeUp() {
    // Given
    assertThat(tries(50, "alice", "a")).isEqualTo(5);
    // When: more than are kept, from one address
    for (int i = 0; i < 30_000; i++) {
      attempts.take("name" + i, "b");
    }
    // Then
    assertThat(tries(50, "alice", "a")).isZero();
  }

  @Test
  void shouldNotCountATryThatNobodyLookedAt() {
    for (int i = 0; i < 100; i++) {
      assertThat(attempts.take("alice", "a")).isTrue();
      attempts.giveBack("alice", "a");
    }
  }
}
