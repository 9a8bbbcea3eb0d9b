package io.countermand.desk.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AccountRestsTest {

  private final AccountRests rests = new AccountRests();

  @Test
  void shouldRestLongAfterACallThatWasNotAccepted() {
    boolean over = rests.unheard("a", 0);

    assertThat(over).isFalse();
    assertThat(rests.over("a", seconds(29))).isFalse();
    assertThat(rests.over("a", seconds(30))).isTrue();
    assertThat(rests.over("b", 0)).isTrue();
  }

  @Test
  void shouldTryNoMoreAfterTwoInARowThatWereNotAccepted() {
    // Given
    boolean first = rests.unheard("a", 0);
    rests.inVain("a", 0); // no call, so no answer
    // When
    boolean second = rests.unheard("a", 0);
    // Then
    assertThat(first).isFalse();
    assertThat(second).isTrue();
    assertThat(rests.over("a", seconds(100_000))).isFalse();
  }

  @Test
  void shouldForgetWhatWasNotAcceptedOnceOneIs() {
    // Given
    boolean first = rests.unheard("a", 0);
    rests.served("a", 0);
    // When
    boolean second = rests.unheard("a", 0);
    // Then
    assertThat(first).isFalse();
    assertThat(second).isFalse();
  }

  @Test
  void shouldRestTwiceAsLongAfterEachTryThatCameToNothing() {
    rests.inVain("a", 0);
    assertThat(rests.over("a", Duration.ofMillis(499).toNanos())).isFalse();
    assertThat(rests.over("a", Duration.ofMillis(500).toNanos())).isTrue();

    rests.inVain("a", 0);
    assertThat(rests.over("a", Duration.ofMillis(999).toNanos())).isFalse();
    for (int i = 0; i < 20; i++) {
      rests.inVain("a", 0);
    }
    assertThat(rests.over("a", seconds(30))).isTrue();
  }

  private static long seconds(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
