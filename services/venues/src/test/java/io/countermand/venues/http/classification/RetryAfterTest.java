package io.countermand.venues.http.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.http.transport.HttpReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00.250Z");

  private static Instant of(String header, String date, String body) {
    Map<String, String> headers = new HashMap<>();
    if (header != null) {
      headers.put("retry-after", header);
    }
    if (date != null) {
      headers.put("date", date);
    }
    return RetryAfter.of(
        HttpReply.of(429, headers, body.getBytes(StandardCharsets.UTF_8), false, NOW));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "7,7", " 60 ,60", "86400,86400", "999999999999,86400"})
  void shouldReadSeconds(String header, long wait) {
    assertThat(of(header, null, "")).isEqualTo(NOW.plusSeconds(wait));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "1.5", "0x10", "１", "9999999999999999999"})
  void shouldIgnoreNonsense(String header) {
    assertThat(of(header, null, "")).isNull();
  }

  @Test
  void shouldReadDate() {
    assertThat(of("Tue, 03 Mar 2026 12:00:30 GMT", null, ""))
        .isEqualTo(Instant.parse("2026-03-03T12:00:30Z"));
  }

  @Test
  void shouldReadDateRelativeToServersOwnClock() {
    assertThat(of("Tue, 03 Mar 2026 13:00:30 GMT", "Tue, 03 Mar 2026 13:00:00 GMT", ""))
        .isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void shouldTakePastDateAsNow() {
    assertThat(of("Tue, 03 Mar 2020 12:00:30 GMT", null, "")).isEqualTo(NOW);
  }

  @Test
  void shouldReadFieldOfBodyAndTakeTheLater() {
    assertThat(of(null, null, "{\"retry_after\":2.2}")).isEqualTo(NOW.plusSeconds(3));
    assertThat(of("1", null, "{\"retry_after\":9}")).isEqualTo(NOW.plusSeconds(9));
    assertThat(of("10", null, "{\"retry_after\":9}")).isEqualTo(NOW.plusSeconds(10));
    assertThat(of(null, null, "{\"retry_after\":1e400}")).isEqualTo(NOW.plus(Duration.ofHours(24)));
    assertThat(of(null, null, "{\"retry_after\":\"9\"}")).isNull();
  }
}
