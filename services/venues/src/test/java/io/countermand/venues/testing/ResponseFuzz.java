package io.countermand.venues.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import io.countermand.venues.Secret;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.http.transport.Texts;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Spoilt answers to each adapter, on the way that every answer takes: 25,000 of each kind, with
 * {@code -Pfull} 100,000. A failure prints seed, round, status and body.
 */
@Tag("fuzz")
public abstract class ResponseFuzz {

  /** Of each way of reading. */
  private static final int ROUNDS = Integer.getInteger("countermand.fuzz.rounds", 25_000);

  private static final long SEED = Long.getLong("fuzz.seed", 20_260_303L);
  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");
  private static final int[] STATUSES = {
    200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 408, 409, 422, 423, 429, 500, 502, 503
  };
  private static final List<String> RETRY =
      List.of("5", "-5", "x", "99999999999999999999", "Tue, 03 Mar 2026 12:00:30 GMT", "0");

  /** A body as the venue writes it, and whether it says that the order was not cancelled. */
  public record Sample(int status, String body, boolean error) {}

  protected abstract List<Sample> samples();

  protected abstract Classified readCancel(HttpReply reply);

  protected abstract Classified readStatus(HttpReply reply);

  /** The request that is answered. */
  protected abstract CancelRequest request();

  /** Of what a record of such an answer means. */
  protected abstract ReplyReader reader();

  /** As it is recorded; null: it never came to an answer. */
  protected @Nullable String recorded(HttpReply reply, Scrubber scrubber) {
    return scrubber.excerpt(Texts.describe(reply));
  }

  @Test
  void shouldEndInAReplyForEverySpoiltAnswerToACancel() {
    Map<ReplyKind, Integer> seen = fuzz(this::readCancel, RequestKind.CANCEL, new Random(SEED));

    // The fuzz would be worth nothing if it spoilt everything, or nothing.
    assertThat(seen).hasSizeGreaterThan(3);
    assertThat(seen.get(ReplyKind.AMBIGUOUS)).isBetween(ROUNDS / 5, ROUNDS);
  }

  @Test
  void shouldEndInAReplyForEverySpoiltAnswerToAQuery() {
    Map<ReplyKind, Integer> seen = fuzz(this::readStatus, RequestKind.STATUS, new Random(SEED + 1));

    assertThat(seen).doesNotContainKeys(ReplyKind.CANCELED, ReplyKind.NOT_SENT);
  }

  private interface Reader {
    Classified read(HttpReply reply);
  }

  private Map<ReplyKind, Integer> fuzz(Reader reader, RequestKind kind, Random random) {
    Mutator mutator = new Mutator(random);
    Scrubber scrubber = new Scrubber(List.of(Secret.of("s3cret")));
    List<String> bodies = samples().stream().map(Sample::body).toList();
    Map<ReplyKind, Integer> seen = new EnumMap<>(ReplyKind.class);
    int recorded = 0;
    int reread = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Sample sample = samples().get(random.nextInt(samples().size()));
      int status =
          random.nextInt(3) == 0 ? STATUSES[random.nextInt(STATUSES.length)] : sample.status();
      // Error bodies are not joined with good ones: that would not be their mutation.
      byte[] body = mutator.spoil(sample.body(), sample.error() ? List.of("{}", "]") : bodies);
      Map<String, String> headers =
          random.nextInt(4) == 0
              ? Map.of("retry-after", RETRY.get(random.nextInt(RETRY.size())))
              : Map.of();
      HttpReply reply = HttpReply.of(status, headers, body, random.nextInt(50) == 0, NOW);
      try {
        Classified verdict = reader.read(reply);
        Reply scrubbed = scrubber.scrub(verdict.reply());
        check(sample, verdict, scrubbed);
        String answer = recorded(reply, scrubber);
        if (answer != null) {
          Rereading again =
              reader().again(Recorded.replied(request(), kind, scrubbed, NOW), answer);
          assertThat(again).isNotInstanceOf(Rereading.Other.class);
          recorded++;
          reread += again instanceof Rereading.Same ? 1 : 0;
        }
        seen.merge(ReplyKind.of(verdict.reply()), 1, Integer::sum);
      } catch (RuntimeException | AssertionError | StackOverflowError e) {
        fail("seed %d round %d: HTTP %d %s".formatted(SEED, round, status, reply.body()), e);
      }
    }
    assertThat(reread).as("read again of %d", recorded).isGreaterThan(recorded / 2);
    return seen;
  }

  private static void check(Sample sample, Classified verdict, Reply scrubbed) {
    if (sample.error() && verdict.reply() instanceof Reply.Canceled) {
      throw new AssertionError("an error ended as Canceled");
    }
    String message = scrubbed.told().message();
    if (message != null && message.length() > 500) {
      throw new AssertionError("message is too long");
    }
    if (verdict.pause() != null && verdict.pause().until().isAfter(NOW.plusSeconds(86_400))) {
      throw new AssertionError("a pause without bounds: " + verdict.pause());
    }
  }
}
