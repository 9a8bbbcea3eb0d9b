package io.countermand.venues.neuratrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.Credentials;
import io.countermand.venues.Secret;
import io.countermand.venues.http.classification.RetryAfter;
import io.countermand.venues.http.login.LoginDialect;
import io.countermand.venues.http.login.TokenExpiry;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NeuraTrade's {@code users/login}: a JWT, valid 24 h. The shape of its answer is not documented:
 * {@code token}, at the top or in {@code data}, is taken.
 */
final class NeuraTradeLogin implements LoginDialect {

  private static final Duration LIFE = Duration.ofHours(24);

  private final Credentials credentials;

  NeuraTradeLogin(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public List<Step> steps(@Nullable Tokens current, boolean usable, @Nullable String continuation) {
    Credentials credentials = this.credentials.now();
    String login =
        Json.write(
            Json.object()
                .put("email", credentials.get("email").reveal())
                .put("password", credentials.get("password").reveal()));
    return List.of(new Step(Kind.LOGIN, HttpCall.postJson("/api/v1/users/login", login), null));
  }

  @Override
  public Grant read(HttpReply reply) {
    String what = "login: HTTP " + reply.status();
    JsonNode body = reply.json();
    JsonNode holder = body.path("data").isObject() ? body.path("data") : body;
    String token = Json.text(holder.path("token"));
    token = token == null ? Json.text(holder.path("access_token")) : token;
    if (reply.status() / 100 == 2 && token != null) {
      Instant told = Json.time(holder.path("expires_at"));
      Instant expiresAt = TokenExpiry.of(reply, told, LIFE);
      return new Grant.Granted(new Tokens(Secret.of(token), null, expiresAt));
    }
    return switch (reply.status()) {
      case 400, 401, 403, 404 -> new Grant.Refused(what);
      case 429 -> {
        Instant at = RetryAfter.of(reply);
        yield new Grant.Later(at == null ? reply.at().plusSeconds(60) : at, null, what);
      }
      default -> new Grant.Unclear(what);
    };
  }

  @Override
  public String cost() {
    return "logs in beside a running desk, and NeuraTrade does not say how often one may";
  }

  @Override
  public Limits limits() {
    return new Limits(Duration.ofHours(1), 10, 10, Duration.ofHours(1));
  }
}
