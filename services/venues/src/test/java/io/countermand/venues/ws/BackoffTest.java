package io.countermand.venues.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void shouldDoubleWithJitterUpToTheMost() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    Random random = new Random(7);
    long[] whole = {100, 100, 200, 400, 800, 1000, 1000};

    for (int failures = 0; failures < whole.length; failures++) {
      for (int i = 0; i < 100; i++) {
        assertThat(backoff.after(failures, random))
            .isBetween(Duration.ofMillis(whole[failures] / 2), Duration.ofMillis(whole[failures]));
      }
    }
    assertThat(backoff.after(Integer.MAX_VALUE, random)).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }
}
