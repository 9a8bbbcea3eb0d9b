package io.countermand.venues.http.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CxlRejReason;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.Credentials;
import io.countermand.venues.OrderPage;
import io.countermand.venues.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Of the same secret, as a venue may repeat it: in a header, a body, a log of its own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tOk-en_1/2?3+4 | as it is
          ToK-EN_1/2?3+4 | case reversed
          tOk-en_1%2F2%3f3%2B4 | percent
          tOk-en_1%252F2%253F3%252B4 | percent, twice
          %74%4F%6B%2D%65%6E%5F%31%2F%32%3F%33%2B%34 | percent, each character
          tOk-en_1\\/2?3+4 | JSON
          tOk-en_1\\u002f2\\u003F3\\u002b4 | JSON, by number
          tOk-en_1\\\\u002f2\\\\u003f3\\\\u002b4 | JSON in JSON
          tOk-en_1&#47;2&#x3f;3&#43;4 | HTML
          tOk-en_1\\x2f2\\x3f3\\x2b4 | C
          744f6b2d656e5f312f323f332b34 | hex
          744F6B2D656E5F312F323F332B34 | hex
          dE9rLWVuXzEvMj8zKzQ= | base64
          dE9rLWVuXzEvMj8zKzQ | base64 without padding
          DE9RLWVUXZEVMJ8ZKZQ= | base64, another case
          """)
  void shouldFindASecretHoweverItIsWritten(String spelling, String how) {
    Scrubber one = new Scrubber(List.of(Secret.of("tOk-en_1/2?3+4")));

    assertThat(one.line("a [" + spelling + "] b")).as(how).isEqualTo("a [***] b");
  }

  /** Alignments, alphabets, padding: what is beside it may go, nothing of the secret stays. */
  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "use", "user:"})
  void shouldFindASecretInsideLongerBase64(String before) {
    String secret = "\u00ff\u00fe~~?>tok~en";
    Scrubber one = new Scrubber(List.of(Secret.of(secret)));
    for (String after : List.of("", "x", "xy", "xyz")) {
      byte[] header = (before + secret + after).getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder :
          List.of(
              Base64.getEncoder(),
              Base64.getUrlEncoder(),
              Base64.getEncoder().withoutPadding(),
              Base64.getMimeEncoder(12, "\n".getBytes(StandardCharsets.UTF_8)))) {
        String echoed = encoder.encodeToString(header);

        String kept = one.line("Basic " + echoed + ".");

        assertThat(kept).startsWith("Basic ").endsWith(".").containsOnlyOnce("***");
        String left = kept.substring(6, kept.indexOf("***")).replace(" ", "");
        String right = kept.substring(kept.indexOf("***") + 3).replaceAll("[ .=]", "");
        int bits = 8 * header.length;
        assertThat(6 * left.length()).as(kept).isLessThanOrEqualTo(8 * before.length());
        assertThat(6 * right.length() - (6 - bits % 6) % 6)
            .as(kept)
            .isLessThanOrEqualTo(8 * after.length());
      }
    }
  }

  @Test
  void shouldFindWhatIsInAJsonBodyInBase64() {
    String body = Base64.getEncoder().encodeToString("{\"p\":\"pa\\\"ss w&rd/é\"}".getBytes(UTF_8));

    String kept = scrubber.line(body);

    assertThat(kept).startsWith("eyJwIjo").contains("***");
    assertThat(kept.length()).isLessThan(20);
  }

  @Test
  void shouldFindASecretBrokenOverLines() {
    assertThat(new Scrubber(List.of(Secret.of("abcdefgh"))).line("x abc\r\n def\\ngh"))
        .isEqualTo("x abc   def\\ngh");
    assertThat(new Scrubber(List.of(Secret.of("abcdefgh"))).line("x abc\r\ndef\\ngh"))
        .isEqualTo("x ***");
  }

  /** As a password "s" would: it stays readable, and the password goes where it stands alone. */
  @Test
  void shouldCutShortSecretsOnlyWhereTheyStandAlone() {
    Scrubber one = new Scrubber(List.of(Secret.of("s"), Secret.of("Sim10")));

    assertThat(one.line("order status: Suspended, key=s; account Sim101, Sim10, U2ltMTA= and cw=="))
        .isEqualTo("order status: Suspended, key=***; account Sim101, ***, *** and ***");
  }

  @Test
  void shouldCutNoSecretInHalfAtTheEndOfWhatItReads() {
    String secret = "0123456789abcdef".repeat(4);
    Scrubber one = new Scrubber(List.of(Secret.of(secret)));
    String many = (secret + " ").repeat(400);
    for (int shift = 0; shift < 65; shift++) {
      String kept = one.line("x".repeat(shift) + " " + many);

      assertThat(kept).matches("x{" + shift + "} (\\*{3} ?)+");
    }
  }

  @Test
  void shouldDropOrdersThatAreNamedByASecret() {
    OrderEvent clean = event("Sim101", "4711", "Working");
    OrderPage page =
        new OrderPage(
            new Reply.Accepted(ReplyDetails.NOTHING),
            List.of(clean, event(RAW, "1", "x"), event("Sim101", RAW, "x"), event("a", "1", RAW)),
            null,
            true);

    assertThat(scrubber.scrub(page))
        .isEqualTo(
            new OrderPage(page.reply(), List.of(clean, event("a", "1", "***")), null, false));
  }

  private static OrderEvent event(String account, String id, String raw) {
    return new OrderEvent(
        new OrderRef("v", account, id),
        null,
        OrdStatus.NEW,
        raw,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        "feed:v",
        null,
        Instant.EPOCH);
  }

  @Test
  void shouldRepeatNoTicketThatHoldsASecret() {
    assertThat(
            scrubber.scrub(new Reply.RetryLater(Instant.EPOCH, "t-" + RAW, ReplyDetails.NOTHING)))
        .isEqualTo(new Reply.RetryLater(Instant.EPOCH, null, ReplyDetails.NOTHING));
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
    ReplyDetails dirty =
        new ReplyDetails(
            RAW, "m " + RAW + "y".repeat(600), OrdStatus.NEW, RAW, null, Instant.EPOCH);
    ReplyDetails clean =
        new ReplyDetails(
            "***", "m ***" + "y".repeat(495), OrdStatus.NEW, "***", null, Instant.EPOCH);

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
