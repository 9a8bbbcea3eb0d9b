package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.Secret;
import io.countermand.venues.http.transport.HttpReply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrossTradeSocketTest {

  /** The next attempt comes after a pause, if at all: nobody may wait for that. */
  @Test
  void shouldTellOfARefusalWhoAskedBeforeIt() {
    List<HttpReply> paused = new ArrayList<>();
    var socket = new CrossTradeSocket(() -> Secret.of("a token"), paused::add);
    var line = socket.line();
    var refusal = HttpReply.of(401, Map.of(), new byte[0], false, Instant.EPOCH);
    // When
    socket.onRefused(refusal);
    // Then
    assertThat(CrossTradeSocket.await(line, Duration.ZERO))
        .isEqualTo(new CrossTradeSocket.Line.Down("handshake answered with HTTP 401", refusal));
    assertThat(paused).containsExactly(refusal);
    assertThat(socket.line()).isNotDone();
  }
}
