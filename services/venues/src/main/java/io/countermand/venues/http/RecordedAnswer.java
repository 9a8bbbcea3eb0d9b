package io.countermand.venues.http;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent.Replied;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.HttpReading;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.http.transport.Texts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer as its record keeps it: {@link Texts#describe} as {@link Scrubber#excerpt}. Headers are
 * not kept; they tell when to try again, which is not compared, and nothing else. Pure.
 */
public final class RecordedAnswer {

  private static final Pattern HTTP =
      Pattern.compile(
          "HTTP (\\d{3})(?:: (?<body>.*)|, empty body|(?<cut>, body longer than \\d+ bytes))",
          Pattern.DOTALL);

  private static final Scrubber CLIPS = new Scrubber(List.of());

  private RecordedAnswer() {}

  /** What a dialect's reading methods say of it. */
  public static Rereading overHttp(
      Replied replied,
      String answer,
      BiFunction<CancelRequest, HttpReply, Classified> readCancel,
      BiFunction<CancelRequest, HttpReply, Classified> readStatus) {
    Matcher parts = HTTP.matcher(answer);
    if (!parts.matches()) {
      return new Rereading.Untold("in no form that an HTTP adapter records");
    }
    String why = unfaithful(answer);
    if (why != null) {
      return new Rereading.Untold(why);
    }
    CancelRequest request = request(replied);
    BiFunction<CancelRequest, HttpReply, Classified> read =
        replied.kind() == RequestKind.CANCEL ? readCancel : readStatus;
    HttpReply reply = reply(parts, replied.time());
    Reply means = means(reply, request, read);
    if (same(means, replied)) {
      return new Rereading.Same();
    }
    if (restsOnAnother(replied.reply(), means, reply.status())) {
      return new Rereading.Untold(
          "with a refused token: what a probe or a new one said is not kept");
    }
    // A line break or tab that JSON forbids inside a string is a blank in the record.
    HttpReply unreadable = unreadable(reply);
    return reply.body().indexOf(' ') >= 0 && same(means(unreadable, request, read), replied)
        ? new Rereading.Untold("where a blank may have been a line break that JSON forbids")
        : new Rereading.Other(means);
  }

  /** Of a message over a WebSocket, which is kept as it was. */
  public static Rereading message(
      Replied replied, String message, Function<HttpReply, Classified> read) {
    String why = unfaithful(message);
    if (why != null) {
      return new Rereading.Untold(why);
    }
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    Reply means = read.apply(HttpReply.of(200, Map.of(), body, false, replied.time())).reply();
    return same(means, replied) ? new Rereading.Same() : new Rereading.Other(means);
  }

  private static Reply means(
      HttpReply reply,
      CancelRequest request,
      BiFunction<CancelRequest, HttpReply, Classified> read) {
    return HttpReading.of(reply, one -> read.apply(request, one), e -> {}).reply();
  }

  private static @Nullable String unfaithful(String answer) {
    return Scrubber.perhapsCut(answer)
        ? "cut in the record"
        : answer.contains(Scrubber.SECRET)
            ? "with a secret taken out"
            : answer.indexOf(Texts.UNPRINTABLE) >= 0
                ? "with what is no text, which the record does not keep"
                : null;
  }

  private static HttpReply reply(Matcher parts, Instant at) {
    String body = Objects.requireNonNullElse(parts.group("body"), "");
    return HttpReply.of(
        Integer.parseInt(parts.group(1)),
        Map.of(),
        body.getBytes(StandardCharsets.UTF_8),
        parts.group("cut") != null,
        at);
  }

  private static HttpReply unreadable(HttpReply reply) {
    return new HttpReply(
        reply.status(), reply.headers(), reply.body(), reply.cut(), Json.MISSING, reply.at());
  }

  private static CancelRequest request(Replied replied) {
    return new CancelRequest(
        replied.cancel(), replied.kind(), replied.attemptNo(), null, replied.time());
  }

  /**
   * A 401 or 403 is recorded, and what came after it decided: a probe that was refused, too, or no
   * new token ({@link CallSequence}).
   */
  private static boolean restsOnAnother(Reply recorded, Reply means, int status) {
    boolean doubt = means instanceof Reply.Unauthorized || status == 403;
    return doubt
        && (recorded instanceof Reply.Unauthorized || recorded instanceof Reply.RetryLater);
  }

  private static boolean same(Reply means, Replied replied) {
    Reply recorded = replied.reply();
    boolean alike =
        switch (means) {
          case Reply.Refused one ->
              recorded instanceof Reply.Refused other
                  && one.reason() == other.reason()
                  && one.cxlRejReason() == other.cxlRejReason();
          case Reply.RetryLater one ->
              recorded instanceof Reply.RetryLater other
                  && Objects.equals(one.continuation(), other.continuation());
          default -> ReplyKind.of(means) == ReplyKind.of(recorded);
        };
    return alike && same(Facts.of(CLIPS.scrub(means.told()), replied.time()), recorded.told());
  }

  private static boolean same(ReplyDetails one, ReplyDetails other) {
    return Objects.equals(one.code(), other.code())
        && Objects.equals(one.message(), other.message())
        && one.ordStatus() == other.ordStatus()
        && Objects.equals(one.rawStatus(), other.rawStatus())
        && same(one.executedQty(), other.executedQty())
        && Objects.equals(micros(one.venueTime()), micros(other.venueTime()));
  }

  private static boolean same(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.compareTo(other) == 0;
  }

  private static @Nullable Instant micros(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
  }
}
