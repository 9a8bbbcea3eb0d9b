package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.options.Doubt;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.NotAdmitted;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.request.VenueResult;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cadenza's API: login with rotating refresh tokens, cancel, list. */
final class SimulatedCadenza implements VenueApi {

  private static final String CANCEL = "cancel";
  private static final String LIST = "list";
  private static final String LOGIN = "login";
  private static final String REFRESH = "refresh";
  private static final int MOST = 50;

  private final InstanceOptions options;
  private final Accepted accepted;
  private final OrderBook book;
  private final Limiter limiter;
  private final InstantSource clock;
  private final IssuedTokens access;
  private final IssuedTokens refresh;

  SimulatedCadenza(
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
    access = new IssuedTokens(clock, options.tokenLife(), Integer.MAX_VALUE);
    refresh = new IssuedTokens(clock, options.tokenLife().multipliedBy(24), Integer.MAX_VALUE);
  }

  @Override
  public VenueRequest read(Incoming in) {
    if (in.is("POST", "api", "v3", "tradeOrder", "cancel")) {
      return in.ask(CallKind.CANCEL, CANCEL, null, SimulatorJson.text(in.json(), "tradeOrderId"));
    }
    if (in.is("GET", "api", "v3", "tradeOrder", "list")) {
      var id = in.query().get("tradeOrderId");
      return in.ask(id == null ? CallKind.FEED : CallKind.STATUS, LIST, null, id);
    }
    if (in.is("POST", "api", "v3", "auth", "login")) {
      return in.ask(CallKind.LOGIN, LOGIN, null, null, "");
    }
    if (in.is("POST", "api", "v3", "auth", "token", "refresh")) {
      return in.ask(CallKind.RENEW, REFRESH, null, null, "");
    }
    return in.ask(CallKind.OTHER, "", null, null);
  }

  @Override
  public @Nullable NotAdmitted refuse(VenueRequest ask) {
    if (ask.kind() == CallKind.LOGIN || ask.kind() == CallKind.RENEW) {
      return null;
    }
    if (!accepted.token(ask.bearer()) && access.check(ask.bearer()) != IssuedTokens.Check.GOOD) {
      return new NotAdmitted("unauthorized", unauthorized());
    }
    var wait = limiter.take("cadenza " + options.credentials().user(), options.limits());
    return wait == null
        ? null
        : new NotAdmitted("limited", tooMany(Long.toString(Math.max(1, wait.toSeconds()))));
  }

  @Override
  public VenueResult act(VenueRequest ask, Canceling canceling) {
    return switch (ask.op()) {
      case CANCEL -> cancel(ask, canceling);
      case LIST -> VenueResult.nothing(list(ask));
      case LOGIN -> VenueResult.nothing(login(ask.body()));
      case REFRESH -> VenueResult.nothing(refresh(ask.body()));
      default -> VenueResult.nothing(CadenzaBodies.error(404, 18018, "Not found"));
    };
  }

  private VenueResult cancel(VenueRequest ask, Canceling canceling) {
    var id = ask.orderId();
    if (id == null || id.isEmpty()) {
      return VenueResult.nothing(CadenzaBodies.error(400, -100001, "Invalid request"));
    }
    var found = book.find(options.name(), id);
    if (found == null) {
      return new VenueResult(Effect.UNKNOWN, CadenzaBodies.error(404, 22016, "Order not found"));
    }
    var done = canceling.now(found.ref());
    var order = Objects.requireNonNull(done.order());
    return new VenueResult(
        done.effect(),
        done.effect() == Effect.CANCELED_NOW
            ? HttpAnswer.json(200, CadenzaBodies.canceled(order))
            : CadenzaBodies.error(
                400,
                options.doubts(Doubt.OTHER_ERRNO) ? -111017 : -111001,
                "Order is already "
                    + options.kind().word(order.status()).toLowerCase(Locale.ROOT)
                    + " and cannot be cancelled"));
  }

  private HttpAnswer list(VenueRequest ask) {
    var orders = SimulatorJson.MAPPER.createArrayNode();
    if (ask.orderId() == null) {
      page(ask).forEach(order -> orders.add(SimulatorJson.parse(CadenzaBodies.order(order))));
      return CadenzaBodies.success(orders);
    }
    var order = book.find(options.name(), ask.orderId());
    if (order != null) {
      orders.add(SimulatorJson.parse(CadenzaBodies.order(order)));
    }
    return CadenzaBodies.success(orders);
  }

  /** 50 at the most, whatever is asked for; 10 if nothing is. */
  private List<Order> page(VenueRequest ask) {
    var status = ask.query().get("status");
    var account = ask.query().get("tradingAccountId");
    var oldestFirst = Comparator.comparing(Order::placedAt).thenComparing(o -> o.ref().orderId());
    return book.orders().stream()
        .filter(order -> order.ref().venue().equals(options.name()))
        .filter(order -> status == null || status.equals(options.kind().word(order.status())))
        .filter(order -> account == null || account.equals(order.ref().account()))
        .sorted("true".equals(ask.query().get("ascending")) ? oldestFirst : oldestFirst.reversed())
        .skip(number(ask, "offset", 0))
        .limit(Math.min(MOST, number(ask, "limit", 10)))
        .toList();
  }

  private static int number(VenueRequest ask, String name, int fallback) {
    var text = ask.query().get(name);
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : fallback;
  }

  private HttpAnswer login(JsonNode body) {
    return accepted.login(
            SimulatorJson.text(body, "email"), SimulatorJson.text(body, "password"), null)
        ? tokens(true)
        : CadenzaBodies.error(401, 19002, "Invalid email or password");
  }

  private HttpAnswer refresh(JsonNode body) {
    var token = SimulatorJson.text(body, "refreshToken");
    if (token == null || refresh.check(token) != IssuedTokens.Check.GOOD) {
      return CadenzaBodies.error(401, -100003, "Refresh token expired");
    }
    refresh.withdraw(token);
    return tokens(false);
  }

  /** {@code expiresAt} is seconds on one page of the venue's documents, milliseconds on another. */
  private HttpAnswer tokens(boolean seconds) {
    var token = "access-" + UUID.randomUUID();
    var again = "refresh-" + UUID.randomUUID();
    access.give(token);
    refresh.give(again);
    var expiry = clock.instant().plus(options.tokenLife());
    return CadenzaBodies.success(
        SimulatorJson.object()
            .put("accessToken", token)
            .put("refreshToken", again)
            .put("expiresIn", options.tokenLife().toSeconds())
            .put(
                "expiresAt",
                seconds && !options.doubts(Doubt.EXPIRES_IN_MILLIS)
                    ? expiry.getEpochSecond()
                    : expiry.toEpochMilli()));
  }

  @Override
  public HttpAnswer unauthorized() {
    return CadenzaBodies.error(401, 19002, "Unauthorized");
  }

  @Override
  public HttpAnswer tooMany(@Nullable String retryAfter) {
    var answer = CadenzaBodies.error(429, 18011, "Too many requests");
    return retryAfter == null ? answer : answer.withHeader("Retry-After", retryAfter);
  }

  @Override
  public HttpAnswer failed(int status) {
    return switch (status) {
      case 502 -> CadenzaBodies.error(502, 18004, "Exchange error");
      case 503 -> CadenzaBodies.error(503, 18012, "Exchange not available");
      case 504 -> CadenzaBodies.error(504, 18015, "Exchange timeout");
      default -> CadenzaBodies.error(status, -1, "Internal error");
    };
  }

  @Override
  public void expireTokens() {
    access.expireAll();
  }
}
