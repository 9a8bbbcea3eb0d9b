package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.MassPart;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PostTest {

  /** Ports that nobody listens at; a send waits an hour for them. */
  private static final KafkaConnection AWAY =
      new KafkaConnection(
          "127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of("max.block.ms", "3600000"), Map.of());

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES) // of the client's hour nothing is waited for
  void shouldTellAMassCancelInTimeOrNot() throws InterruptedException {
    // Given
    var part = new MassPart.Bulk("c", "v", "a", 1, List.of(), false);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk")) {
      // When
      boolean told =
          post.insist(
              "m", MassCodec.toAvro("m", part, Instant.now(), "desk-i"), Duration.ofMillis(300));
      // Then
      assertThat(told).isFalse();
    }
  }
}
