package io.countermand.venues.cadenza;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.Credentials;
import io.countermand.venues.Secret;
import io.countermand.venues.http.classification.RetryAfter;
import io.countermand.venues.http.login.LoginDialect;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cadenza's {@code auth/login} and {@code auth/token/refresh}. A refresh gives a new refresh token
 * and ends the old one; if it is refused (errno -100003: expired), the login follows.
 */
final class CadenzaLogin implements LoginDialect {

  private static final long HOUR = 3600;

  private final Credentials credentials;

  CadenzaLogin(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public List<Step> steps(@Nullable Tokens current, boolean usable, @Nullable String continuation) {
    List<Step> steps = new ArrayList<>();
    if (current != null && current.refresh() != null) {
      String body = Json.write(Json.object().put("refreshToken", current.refresh().reveal()));
      steps.add(
          new Step(Kind.RENEWAL, HttpCall.postJson("/api/v3/auth/token/refresh", body), null));
    }
    Credentials credentials = this.credentials.now();
    String login =
        Json.write(
            Json.object()
                .put("email", credentials.get("email").reveal())
                .put("password", credentials.get("password").reveal()));
    steps.add(new Step(Kind.LOGIN, HttpCall.postJson("/api/v3/auth/login", login), null));
    return steps;
  }

  @Override
  public Grant read(HttpReply reply) {
    String what = "token request: HTTP " + reply.status();
    JsonNode data = reply.json().path("data");
    String access = Json.text(data.path("accessToken"));
    if (reply.status() / 100 == 2 && Json.isTrue(reply.json().path("success")) && access != null) {
      String refresh = Json.text(data.path("refreshToken"));
      // "expiresAt" is seconds on one page and milliseconds on another, so it is not used.
      Long seconds = Json.integer(data.path("expiresIn"));
      long life = seconds == null || seconds < 1 || seconds > 30 * 24 * HOUR ? HOUR : seconds;
      Instant expiresAt = reply.at().plusSeconds(life);
      return new Grant.Granted(
          new Tokens(Secret.of(access), refresh == null ? null : Secret.of(refresh), expiresAt));
    }
    return switch (reply.status()) {
      case 400, 401, 403 -> new Grant.Refused(what);
      case 429 -> {
        Instant at = RetryAfter.of(reply);
        yield new Grant.Later(at == null ? reply.at().plusSeconds(60) : at, null, what);
      }
      case 200 ->
          Json.isFalse(reply.json().path("success"))
              ? new Grant.Refused(what)
              : new Grant.Unclear(what);
      default -> new Grant.Unclear(what);
    };
  }

  /** A refresh ends the refresh token before it; what a login ends is said nowhere. */
  @Override
  public String cost() {
    return "logs in beside a running desk, and Cadenza does not say whether that ends its session";
  }

  /** Five minutes before the hour is over, as the documentation's own client does. */
  @Override
  public Limits limits() {
    return new Limits(Duration.ofMinutes(5), 30, 30, Duration.ofHours(1));
  }
}
