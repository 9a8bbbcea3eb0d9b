package io.countermand.venues.http.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenQuotaTest {

  private static final Instant T = Instant.parse("2026-03-03T12:00:00Z");

  @Test
  void shouldAllowSoManyInAnyWindow() {
    TokenQuota quota = new TokenQuota(2, Duration.ofHours(1));

    quota.count(T);
    assertThat(quota.next(T.plusSeconds(1))).isEqualTo(T.plusSeconds(1));
    quota.count(T.plusSeconds(10));
    assertThat(quota.next(T.plusSeconds(20))).isEqualTo(T.plusSeconds(3600));
    quota.count(T.plusSeconds(3600));
    assertThat(quota.next(T.plusSeconds(3600))).isEqualTo(T.plusSeconds(3610));
  }
}
