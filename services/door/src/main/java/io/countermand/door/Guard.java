package io.countermand.door;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Lets nobody in without a token, and nobody more often than its rate. Thread-safe. */
final class Guard {

  private static final String CALLER = "caller";
  private static final String BEARER = "Bearer ";

  private final TokenFile tokens;
  private final int perSecond;
  private final Map<String, Bucket> rates = new ConcurrentHashMap<>();

  /**
   * @param perSecond requests of one token's name; as many at once
   */
  Guard(TokenFile tokens, int perSecond) {
    this.tokens = tokens;
    this.perSecond = perSecond;
  }

  void check(Context request) {
    Caller caller = caller(request.header("Authorization"));
    ConsumptionProbe taken =
        rates
            .computeIfAbsent(
                caller.name(),
                _ ->
                    Bucket.builder()
                        .addLimit(
                            limit ->
                                limit
                                    .capacity(perSecond)
                                    .refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .build())
            .tryConsumeAndReturnRemaining(1);
    if (!taken.isConsumed()) {
      request.header("Retry-After", "1");
      throw new Refusal(
          429,
          "TOO_MANY_REQUESTS",
          caller.name() + " may make " + perSecond + " requests a second; try again in a second");
    }
    request.attribute(CALLER, caller);
  }

  private Caller caller(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new Refusal(401, "UNAUTHORIZED", "give a token: Authorization: Bearer <token>");
    }
    return tokens
        .find(header.substring(BEARER.length()).strip())
        .orElseThrow(
            () ->
                new Refusal(401, "UNAUTHORIZED", "this token is not known here, or not any more"));
  }

  /** Whose the token is now, for an answer that takes long; null: it holds no more. */
  @Nullable Caller still(Context request) {
    String header = request.header("Authorization");
    return header == null || header.length() < BEARER.length()
        ? null
        : tokens.find(header.substring(BEARER.length()).strip()).orElse(null);
  }

  static Caller caller(Context request) {
    return Objects.requireNonNull(request.<Caller>attribute(CALLER));
  }

  /**
   * Says nothing of whether there is such an order.
   *
   * @param venue null: of any
   * @param account null: of any
   */
  static void shouldMay(
      Context request, Verb verb, @Nullable String venue, @Nullable String account) {
    if (!caller(request).may(verb, venue, account)) {
      throw forbidden(caller(request), verb);
    }
  }

  /** Whatever it is. */
  static void shouldMay(Context request, Verb verb) {
    if (!caller(request).may(verb)) {
      throw forbidden(caller(request), verb);
    }
  }

  private static Refusal forbidden(Caller caller, Verb verb) {
    return new Refusal(403, "FORBIDDEN", caller.name() + " may not " + verb.deed());
  }
}
