package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.NotAdmitted;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.request.VenueResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** NeuraTrade's API: login, cancel, positions. */
final class SimulatedNeuraTrade implements VenueApi {

  private static final String CANCEL = "cancel_order";
  private static final String POSITIONS = "positions";
  private static final String LOGIN = "login";
  private static final int POSITIONS_TOLD = 300;

  private final InstanceOptions options;
  private final Accepted accepted;
  private final OrderBook book;
  private final Limiter limiter;
  private final InstantSource clock;
  private final IssuedTokens tokens;

  SimulatedNeuraTrade(
      InstanceOptions options,
      Accepted accepted,
      OrderBook book,
      Limiter limiter,
      InstantSource clock) {
    this.options = options;
    this.accepted = accepted;
    this.book = book;
    this.limiter = limiter;
    this.clock = clock;
    tokens = new IssuedTokens(clock, options.tokenLife(), Integer.MAX_VALUE);
  }

  @Override
  public VenueRequest read(Incoming in) {
    if (in.is("POST", "api", "v1", "trading", "cancel_order")) {
      return in.ask(CallKind.CANCEL, CANCEL, null, SimulatorJson.text(in.json(), "order_id"));
    }
    if (in.is("GET", "api", "v1", "trading", "positions")) {
      return in.ask(CallKind.STATUS, POSITIONS, null, null);
    }
    if (in.is("POST", "api", "v1", "users", "login")) {
      return in.ask(CallKind.LOGIN, LOGIN, null, null, "");
    }
    return in.ask(CallKind.OTHER, "", null, null);
  }

  @Override
  public @Nullable NotAdmitted refuse(VenueRequest ask) {
    if (ask.kind() != CallKind.LOGIN && !accepted.token(ask.bearer())) {
      var check = tokens.check(ask.bearer());
      if (check != IssuedTokens.Check.GOOD) {
        var why = check == IssuedTokens.Check.EXPIRED ? "Token expired" : "Invalid token";
        return new NotAdmitted(
            "unauthorized",
            bare(401, ask.bearer() == null ? "Authorization header required" : why));
      }
    }
    var wait = limiter.take("neuratrade " + options.credentials().user(), options.limits());
    return wait == null ? null : new NotAdmitted("limited", limited(wait));
  }

  @Override
  public VenueResult act(VenueRequest ask, Canceling canceling) {
    return switch (ask.op()) {
      case CANCEL -> cancel(ask, canceling);
      case POSITIONS -> VenueResult.nothing(positions(ask.query().get("status")));
      case LOGIN -> VenueResult.nothing(login(ask.body()));
      default -> VenueResult.nothing(bare(404, "Not found"));
    };
  }

  private VenueResult cancel(VenueRequest ask, Canceling canceling) {
    if (ask.orderId() == null || ask.orderId().isEmpty()) {
      return VenueResult.nothing(NeuraTradeBodies.error(400, "invalid request payload"));
    }
    var found = book.find(options.name(), ask.orderId());
    if (found == null) {
      return new VenueResult(Effect.UNKNOWN, NeuraTradeBodies.error(404, "order not found"));
    }
    var done = canceling.now(found.ref());
    return new VenueResult(
        done.effect(),
        done.effect() == Effect.CANCELED_NOW
            ? NeuraTradeBodies.canceled(Objects.requireNonNull(done.order()))
            : NeuraTradeBodies.error(409, "order is not open"));
  }

  /**
   * A position opens with its order and stays open when the order fills. The newest only: a list of
   * everything that ever was would be no answer.
   */
  private HttpAnswer positions(@Nullable String status) {
    var positions = SimulatorJson.MAPPER.createArrayNode();
    book.orders().stream()
        .filter(order -> order.ref().venue().equals(options.name()))
        .sorted(Comparator.comparing(Order::changedAt).reversed())
        .map(NeuraTradeBodies::position)
        .filter(each -> status == null || status.equalsIgnoreCase(each.path("status").asText()))
        .limit(POSITIONS_TOLD)
        .forEach(positions::add);
    var data = SimulatorJson.object().put("count", positions.size());
    data.set("positions", positions);
    var body = SimulatorJson.object().put("status", "success");
    body.set("data", data);
    return HttpAnswer.json(200, body.toString());
  }

  private HttpAnswer login(JsonNode body) {
    var credentials = options.credentials();
    if (!accepted.login(
        SimulatorJson.text(body, "email"), SimulatorJson.text(body, "password"), null)) {
      return bare(401, "Invalid email or password");
    }
    var token = Jwt.make(credentials.user(), clock.instant(), options.tokenLife());
    tokens.give(token);
    var user = SimulatorJson.object().put("id", "user-1").put("email", credentials.user());
    var answer = SimulatorJson.object();
    answer.set("user", user);
    return HttpAnswer.json(200, answer.put("token", token).toString());
  }

  @Override
  public HttpAnswer unauthorized() {
    return bare(401, "Token expired");
  }

  private HttpAnswer limited(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return new HttpAnswer(
        429,
        HttpAnswer.JSON,
        Map.of(
            "X-RateLimit-Limit", Integer.toString(options.limits().burst()),
            "X-RateLimit-Remaining", "0",
            "X-RateLimit-Reset", Long.toString(clock.instant().getEpochSecond() + seconds)),
        "{\"error\":\"Rate limit exceeded\",\"retry_after\":" + seconds + "}");
  }

  @Override
  public HttpAnswer tooMany(@Nullable String retryAfter) {
    return retryAfter == null
        ? bare(429, "Rate limit exceeded")
        : HttpAnswer.json(
            429, "{\"error\":\"Rate limit exceeded\",\"retry_after\":" + retryAfter + "}");
  }

  @Override
  public HttpAnswer failed(int status) {
    return NeuraTradeBodies.error(status, "failed to cancel order");
  }

  @Override
  public void expireTokens() {
    tokens.expireAll();
  }

  /** What the venue's middleware says: without a status field. */
  private static HttpAnswer bare(int status, String error) {
    return HttpAnswer.json(status, "{\"error\":" + SimulatorJson.quote(error) + "}");
  }
}
