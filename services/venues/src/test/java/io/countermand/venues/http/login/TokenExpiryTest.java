package io.countermand.venues.http.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.http.transport.HttpReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenExpiryTest {

  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static HttpReply reply(Map<String, String> headers) {
    return HttpReply.of(200, headers, new byte[0], false, NOW);
  }

  @Test
  void shouldTakeToldTimeAsALifeByTheServersClock() {
    HttpReply fast = reply(Map.of("date", "Tue, 03 Mar 2026 12:50:00 GMT"));

    Instant end = TokenExpiry.of(fast, Instant.parse("2026-03-03T13:00:00Z"), HOUR);

    assertThat(end).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
  }

  @Test
  void shouldTakeToldTimeAsItIsWhereTheServerTellsNoDate() {
    Instant told = NOW.plus(Duration.ofMinutes(10));

    assertThat(TokenExpiry.of(reply(Map.of()), told, HOUR)).isEqualTo(told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-03T11:59:40Z",
        "1970-01-21T00:00:00Z",
        "2026-03-03T12:00:00Z",
        "2026-03-03T13:00:01Z"
      })
  void shouldNotBelieveATimeThatCannotBe(String told) {
    assertThat(TokenExpiry.of(reply(Map.of()), Instant.parse(told), HOUR))
        .isEqualTo(NOW.plus(HOUR));
  }
}
