package io.countermand.venues.http.login;

import io.countermand.venues.http.classification.RetryAfter;
import io.countermand.venues.http.transport.HttpReply;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a token ends, by our clock: venues tell it by theirs. */
public final class TokenExpiry {

  private TokenExpiry() {}

  /**
   * A told time counts as a life, from the answer's own Date on where it has one, so that neither
   * clock matters. A life that is over, or longer than usual, is not believed.
   *
   * @param told null: not told
   * @param usual as documented
   */
  public static Instant of(HttpReply reply, @Nullable Instant told, Duration usual) {
    Duration life = told == null ? usual : Duration.between(RetryAfter.servedAt(reply), told);
    boolean sane = life.isPositive() && life.compareTo(usual) < 0;
    return reply.at().plus(sane ? life : usual);
  }
}
