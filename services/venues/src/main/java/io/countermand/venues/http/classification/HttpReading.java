package io.countermand.venues.http.classification;

import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.http.transport.HttpReply;
import java.util.function.Consumer;
import java.util.function.Function;

/** What an HTTP answer means: the dialect's reading, and what holds for every venue. Pure. */
public final class HttpReading {

  private HttpReading() {}

  /**
   * @param failed hears of a dialect that threw, which it must not
   */
  public static Classified of(
      HttpReply reply, Function<HttpReply, Classified> read, Consumer<RuntimeException> failed) {
    try {
      Classified verdict = read.apply(reply);
      // "The request has been accepted for processing, but the processing has not been completed"
      // (RFC 9110, 15.3.3), whatever the body says.
      return reply.status() == 202 && verdict.reply() instanceof Reply.Canceled(ReplyDetails told)
          ? Classified.of(new Reply.Accepted(ReplyDetails.of(told.code(), told.message())))
          : verdict;
    } catch (RuntimeException e) {
      failed.accept(e);
      return Classified.ambiguous(reply.code(), "the adapter failed to read the answer");
    }
  }
}
