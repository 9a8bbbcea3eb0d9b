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
final class CallerFilter {

  private static final String CALLER = "caller";
  private static final String BEARER = "Bearer ";

  /** Of callers at once; those who have not called for a second need none. */
  private static final int MOST_RATES = 10_000;

  private final CallerTokens tokens;
  private final int perSecond;
  private final Map<String, Bucket> rates = new ConcurrentHashMap<>();

  /**
   * @param perSecond requests of one token's name; as many at once
   */
  CallerFilter(CallerTokens tokens, int perSecond) {
    this.tokens = tokens;
    this.perSecond = perSecond;
  }

  void check(Context request) {
    Caller caller = bearer(request);
    if (rates.size() > MOST_RATES) {
      rates.values().removeIf(rate -> rate.getAvailableTokens() >= perSecond);
    }
    ConsumptionProbe taken =
        rates
            .computeIfAbsent(
                caller.key(),
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
      throw new ProblemResponse(
          429,
          "TOO_MANY_REQUESTS",
          caller.name() + " may make " + perSecond + " requests a second; try again in a second");
    }
    request.attribute(CALLER, caller);
  }

  private Caller bearer(Context request) {
    String token = token(request);
    try {
      return tokens.find(token);
    } catch (ProblemResponse refused) {
      if (refused.status() == 503) {
        request.header("Retry-After", "10");
      } else if (refused.status() == 401) {
        request.header("WWW-Authenticate", "Bearer error=\"invalid_token\""); // RFC 6750
      }
      throw refused;
    }
  }

  private static String token(Context request) {
    String header = request.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new ProblemResponse(401, "UNAUTHORIZED", "give a token: Authorization: Bearer <token>");
    }
    return header.substring(BEARER.length()).strip();
  }

  /**
   * Whose the token is now, for an answer that takes long.
   *
   * @throws ProblemResponse 401 if it holds no more; 503 if nobody can know now
   */
  Caller still(Context request) {
    return tokens.find(token(request));
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
      Context request, TokenVerb verb, @Nullable String venue, @Nullable String account) {
    if (!caller(request).may(verb, venue, account)) {
      throw forbidden(caller(request), verb);
    }
  }

  /** Whatever it is, in some account. */
  static void shouldMay(Context request, TokenVerb verb) {
    if (!caller(request).may(verb)) {
      throw forbidden(caller(request), verb);
    }
  }

  private static ProblemResponse forbidden(Caller caller, TokenVerb verb) {
    return new ProblemResponse(
        403,
        "FORBIDDEN",
        caller.accounts().isEmpty()
            ? "the token of " + caller.name() + " names no account"
            : caller.name() + " may not " + verb.deed());
  }
}
