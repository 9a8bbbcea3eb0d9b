package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.kafka.streams.HeldBack.Standing;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeldBackTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Test
  void shouldCountFromWhenTheStableOffsetStoppedWithRecordsBehindIt() {
    // Given
    Standing at = Standing.next(null, 10, 10, 0);
    assertThat(at.seconds(5 * SECOND)).isZero();
    // When
    at = Standing.next(at, 10, 12, 6 * SECOND);
    at = Standing.next(at, 10, 15, 8 * SECOND);
    // Then
    assertThat(at.records()).isEqualTo(5);
    assertThat(at.seconds(9 * SECOND)).isEqualTo(3);
  }

  @Test
  void shouldBeginAnewWhenItMovesAndEndWhenNothingIsBehindIt() {
    // Given
    Standing at = Standing.next(null, 10, 12, 0);
    // When the ledger's transactions follow each other
    at = Standing.next(at, 13, 15, 2 * SECOND);
    // Then
    assertThat(at.seconds(3 * SECOND)).isEqualTo(1);
    // When
    at = Standing.next(at, 15, 15, 4 * SECOND);
    // Then
    assertThat(at.seconds(9 * SECOND)).isZero();
    assertThat(Standing.next(at, 16, 15, 5 * SECOND).records()).isZero(); // committed in between
  }
}
