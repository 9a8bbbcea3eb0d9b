package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.venues.Credentials;
import io.countermand.venues.Secret;
import io.countermand.venues.http.login.LoginDialect;
import io.countermand.venues.http.login.TokenExpiry;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tradovate's {@code auth/accesstokenrequest} and {@code auth/renewaccesstoken}. A renewal keeps
 * the session, of which a user may have two, so it comes first while the old token is taken.
 */
final class TradovateLogin implements LoginDialect {

  private static final Duration LIFE = Duration.ofMinutes(90);

  private final Credentials credentials;
  private final Map<String, String> options;

  TradovateLogin(Credentials credentials, Map<String, String> options) {
    this.credentials = credentials;
    this.options = options;
  }

  @Override
  public List<Step> steps(@Nullable Tokens current, boolean usable, @Nullable String continuation) {
    List<Step> steps = new ArrayList<>();
    if (current != null && usable) {
      steps.add(new Step(Kind.RENEWAL, HttpCall.get("/auth/renewaccesstoken"), current.access()));
    }
    steps.add(
        new Step(
            Kind.LOGIN, HttpCall.postJson("/auth/accesstokenrequest", login(continuation)), null));
    return steps;
  }

  private String login(@Nullable String ticket) {
    Credentials credentials = this.credentials.now();
    ObjectNode body =
        Json.object()
            .put("name", credentials.get("name").reveal())
            .put("password", credentials.get("password").reveal())
            .put("appId", options.getOrDefault(TradovateProvider.APP_ID, "Countermand"))
            .put("appVersion", options.getOrDefault(TradovateProvider.APP_VERSION, "1.0"));
    String cid = credentials.get("cid").reveal();
    if (cid.matches("[0-9]{1,18}")) {
      body.put("cid", Long.parseLong(cid));
    } else {
      body.put("cid", cid);
    }
    body.put("sec", credentials.get("sec").reveal());
    if (ticket != null) {
      body.put("p-ticket", ticket);
    }
    return Json.write(body);
  }

  @Override
  public Grant read(HttpReply reply) {
    Penalty penalty = Penalty.of(reply);
    if (penalty != null) {
      return new Grant.Later(penalty.until(), penalty.ticket(), "token request: " + penalty.why());
    }
    String what = "token request: HTTP " + reply.status();
    JsonNode body = reply.json();
    String access = Json.text(body.path("accessToken"));
    String error = Json.text(body.path("errorText"));
    if (reply.ok() && access != null && (error == null || error.isEmpty())) {
      Instant told = Json.time(body.path("expirationTime"));
      Instant expiresAt = TokenExpiry.of(reply, told, LIFE);
      return new Grant.Granted(new Tokens(Secret.of(access), null, expiresAt));
    }
    if (reply.ok() && access == null && error != null) {
      return new Grant.Refused("token request: " + error);
    }
    return switch (reply.status()) {
      case 400, 401, 403 -> new Grant.Refused(what);
      default -> new Grant.Unclear(what);
    };
  }

  @Override
  public String cost() {
    return "takes one of five logins an hour and may end the session of a running desk";
  }

  /** "Renew 15 minutes before"; 5 logins an hour, and 15 renewals beside them. */
  @Override
  public Limits limits() {
    return new Limits(Duration.ofMinutes(15), 5, 15, Duration.ofHours(1));
  }
}
