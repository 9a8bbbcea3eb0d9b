package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {

  /** A page of a web firewall for one account's orders is no sign that the venue is away. */
  @ParameterizedTest
  @CsvSource({"403,false", "404,false", "422,false", "408,true", "500,true", "503,true", ",true"})
  void shouldOpenWhereTheVenueIsAwayAndNotWhereItRefusesRequests(
      @Nullable String code, boolean opens) {
    var breaker = new Breaker("v", Duration.ofHours(1));
    var answer =
        new CallResult(
            new Reply.Ambiguous(ReplyDetails.of(code, "<html>")),
            true,
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null);

    for (int i = 0; i < 20 && breaker.permits(); i++) {
      breaker.answered(answer, Duration.ofMillis(5));
    }

    assertThat(breaker.open()).isEqualTo(opens);
  }

  @Test
  void shouldNotOpenWhereTheVenueRefusesToTellAList() {
    var breaker = new Breaker("v", Duration.ofHours(1));

    for (int i = 0; i < 20 && breaker.permits(); i++) {
      breaker.answered(
          new Reply.RetryLater(null, null, ReplyDetails.of("429", null)), Duration.ofMillis(5));
    }

    assertThat(breaker.open()).isFalse();
  }
}
