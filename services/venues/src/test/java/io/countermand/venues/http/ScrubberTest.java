package io.countermand.venues.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CxlRejReason;
import io.countermand.domain.OrdStatus;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.Credentials;
import io.countermand.venues.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrubberTest {

  private static final String RAW = "pa\"ss w&rd/é";

  private final Scrubber scrubber = new Scrubber(List.of(Secret.of(RAW)));

  @Test
  void shouldFindSecretAsItIsInJsonAndInUrls() {
    assertThat(
            scrubber.excerpt(
                "raw=%s json=pa\\\"ss w&rd/é url=pa%%22ss+w%%26rd%%2F%%C3%%A9".formatted(RAW)))
        .isEqualTo("raw=*** json=*** url=***");
  }

  @Test
  void shouldCutAfterScrubbingSoThatNoHalfSecretIsLeft() {
    String text = "x".repeat(2040) + RAW;

    assertThat(scrubber.excerpt(text)).isEqualTo("x".repeat(2040) + "***");
  }

  @Test
  void shouldKeepExcerptsWithinTwoKibibytesOfUtf8() {
    assertThat(scrubber.excerpt("\u20ac".repeat(5000)).getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(2048);
    assertThat(
            scrubber.excerpt("\ud83d\ude00".repeat(5000)).getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(2048);
  }

  @Test
  void shouldMakeOneLineOfAnything() {
    assertThat(Texts.clip("a\nb\u0000c\ud800d\udc00", 100)).isEqualTo("a b c d ");
    assertThat(Texts.clip("ab\ud83d\ude00", 3)).isEqualTo("ab ");
    assertThat(Texts.clip("ab\ud83d\ude00", 4)).isEqualTo("ab\ud83d\ude00");
  }

  @Test
  void shouldForgetOnlyTheOldestTokens() {
    for (int i = 100; i < 200; i++) {
      scrubber.learn(Secret.of("token-" + i));
    }

    assertThat(scrubber.line("token-199 " + RAW)).isEqualTo("*** ***");
  }

  @Test
  void shouldScrubEveryTextOfAReplyAndNothingElse() {
    Told dirty =
        new Told(RAW, "m " + RAW + "y".repeat(600), OrdStatus.NEW, RAW, null, Instant.EPOCH);
    Told clean =
        new Told("***", "m ***" + "y".repeat(495), OrdStatus.NEW, "***", null, Instant.EPOCH);

    assertThat(scrubber.scrub(new Reply.RetryLater(Instant.EPOCH, "ticket", dirty)))
        .isEqualTo(new Reply.RetryLater(Instant.EPOCH, "ticket", clean));
    assertThat(scrubber.scrub(new Reply.Refused(Reason.OTHER, CxlRejReason.ALREADY_PENDING, dirty)))
        .isEqualTo(new Reply.Refused(Reason.OTHER, CxlRejReason.ALREADY_PENDING, clean));
    assertThat(scrubber.scrub(new Reply.Status(dirty))).isEqualTo(new Reply.Status(clean));
  }

  @Test
  void shouldNotTakeClientIdForASecret() {
    Credentials credentials = Credentials.of(Map.of("cid", "8", "sec", "s3cret"));

    assertThat(new Scrubber(credentials.secrets()).line("HTTP 408 s3cret"))
        .isEqualTo("HTTP 408 ***");
  }
}
