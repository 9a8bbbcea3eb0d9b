package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.OrdStatus;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.options.Doubt;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.NotAdmitted;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.request.VenueResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Tradovate's API over REST; {@code TradovateSession} carries the same requests. */
public final class SimulatedTradovate implements VenueApi {

  public static final String CANCEL = "order/cancelorder";
  public static final String ITEM = "order/item";
  private static final String ORDERS = "order/list";
  public static final String AUTHORIZE = "authorize";
  public static final String SYNC = "user/syncrequest";
  private static final String LOGIN = "auth/accesstokenrequest";
  private static final String RENEW = "auth/renewaccesstoken";
  private static final String SOCKET = "websocket";
  private static final String ACCOUNTS = "account/list";

  /** Five token requests an hour. */
  private static final SimulatedLimits LOGINS =
      new SimulatedLimits(5, 5, Duration.ofHours(1), Duration.ZERO);

  private static final int SESSIONS = 2;

  private final InstanceOptions options;
  private final Accepted accepted;
  private final OrderBook book;
  private final Limiter limiter;
  private final IssuedTokens tokens;
  private final PenaltyTickets tickets;
  private final AtomicLong commands = new AtomicLong();

  SimulatedTradovate(
      InstanceOptions options,
      Accepted accepted,
      OrderBook book,
      Limiter limiter,
      InstantSource clock) {
    this.options = options;
    this.accepted = accepted;
    this.book = book;
    this.limiter = limiter;
    tokens = new IssuedTokens(clock, options.tokenLife(), SESSIONS);
    tickets = new PenaltyTickets(clock);
  }

  @Override
  public VenueRequest read(Incoming in) {
    if (in.webSocket() && in.is("GET", "v1", "websocket")) {
      return in.ask(CallKind.FEED, SOCKET, null, null);
    }
    if (in.path().size() != 3 || !in.path().getFirst().equals("v1")) {
      return in.ask(CallKind.OTHER, "", null, null);
    }
    var op = in.path().get(1) + "/" + in.path().get(2);
    return switch (in.method() + " " + op) {
      case "POST " + CANCEL -> in.ask(CallKind.CANCEL, op, null, orderId(in.json()));
      case "GET " + ITEM -> in.ask(CallKind.STATUS, op, null, in.query().get("id"));
      case "POST " + LOGIN -> in.ask(CallKind.LOGIN, op, null, null, "");
      case "GET " + RENEW -> in.ask(CallKind.RENEW, op, null, null);
      case "GET " + ORDERS -> in.ask(CallKind.FEED, op, null, null);
      case "GET " + ACCOUNTS -> in.ask(CallKind.OTHER, op, null, null);
      default -> in.ask(CallKind.OTHER, "", null, null);
    };
  }

  /** An id must be a whole number; null for anything else. */
  static @Nullable public String orderId(JsonNode body) {
    var id = body.path("orderId");
    return id.isIntegralNumber() && id.canConvertToLong() ? Long.toString(id.longValue()) : null;
  }

  @Override
  public @Nullable NotAdmitted refuse(VenueRequest ask) {
    if (ask.op().equals(SOCKET)) {
      return null;
    }
    if (ask.kind() == CallKind.LOGIN || ask.kind() == CallKind.RENEW) {
      var limits = options.limits().none() ? SimulatedLimits.NONE : LOGINS;
      if (limiter.take("login " + user(), limits) != null) {
        return new NotAdmitted("limited", tooMany(null));
      }
    }
    if (ask.kind() != CallKind.LOGIN && !authorized(ask.bearer())) {
      return new NotAdmitted("unauthorized", unauthorized());
    }
    if (limiter.take(user(), options.limits()) != null) {
      return new NotAdmitted("locked-out", tooMany(null));
    }
    return ask.kind() == CallKind.CANCEL ? tickets.refuse(ask) : null;
  }

  private boolean authorized(@Nullable String token) {
    return tokens.check(token) == IssuedTokens.Check.GOOD;
  }

  private String user() {
    return "tradovate " + options.credentials().user();
  }

  @Override
  public VenueResult act(VenueRequest ask, Canceling canceling) {
    return switch (ask.op()) {
      case CANCEL -> cancel(ask, canceling);
      case SOCKET -> VenueResult.nothing(HttpAnswer.json(HttpAnswer.UPGRADE, ""));
      case AUTHORIZE -> VenueResult.nothing(HttpAnswer.json(200, ""));
      case SYNC -> VenueResult.nothing(HttpAnswer.json(200, sync()));
      case ITEM -> VenueResult.nothing(item(ask.orderId()));
      case ORDERS -> VenueResult.nothing(orders());
      case LOGIN -> VenueResult.nothing(login(ask.body()));
      case RENEW -> VenueResult.nothing(token());
      case ACCOUNTS ->
          VenueResult.nothing(HttpAnswer.json(200, TradovateBodies.accounts(options.accounts())));
      default -> VenueResult.nothing(notFound());
    };
  }

  /** The session's, whatever became of them. */
  private HttpAnswer orders() {
    var list = SimulatorJson.MAPPER.createArrayNode();
    book.orders().stream()
        .filter(order -> order.ref().venue().equals(options.name()))
        .map(this::entity)
        .forEach(list::add);
    return HttpAnswer.json(200, list.toString());
  }

  private ObjectNode entity(Order order) {
    return TradovateBodies.order(order).put("ordStatus", options.word(order.status()));
  }

  private VenueResult cancel(VenueRequest ask, Canceling canceling) {
    var wrong = TradovateBodies.violation(ask.body());
    if (ask.orderId() == null || wrong != null) {
      return VenueResult.nothing(
          wrong == null
              ? HttpAnswer.json(400, "{\"errorText\":\"Bad request: orderId\",\"ok\":false}")
              : wrong);
    }
    var order = book.find(options.name(), ask.orderId());
    if (order == null) {
      return new VenueResult(
          Effect.UNKNOWN,
          options.doubts(Doubt.UNKNOWN_WITH_200)
              ? HttpAnswer.json(200, "{\"errorText\":\"Order not found\",\"ok\":false}")
              : notFound());
    }
    var done = canceling.take(order.ref());
    long command = commands.incrementAndGet();
    var answer =
        switch (done.effect()) {
          // The reason may be absent when a command is taken.
          case CANCELED_NOW, CANCEL_PENDING, FILLED_FIRST ->
              TradovateBodies.result(command % 2 == 0 ? "Success" : null, null, command);
          case ALREADY_PENDING ->
              TradovateBodies.result(
                  "AnotherCommandPending", "Another command is pending for the order", command);
          default ->
              TradovateBodies.result(
                  "TooLate", "Order is " + words(done.order()) + ", too late to cancel", command);
        };
    return new VenueResult(done.effect(), HttpAnswer.json(200, answer));
  }

  private String words(@Nullable Order order) {
    return options.word(order == null ? OrdStatus.UNKNOWN : order.status());
  }

  private HttpAnswer item(@Nullable String id) {
    var order = id == null ? null : book.find(options.name(), id);
    return order == null ? notFound() : HttpAnswer.json(200, entity(order).toString());
  }

  /** All orders, as the answer to {@code user/syncrequest}. */
  private String sync() {
    var node = SimulatorJson.object();
    node.putArray("users").addObject().put("id", TradovateBodies.USER_ID);
    var orders = node.putArray("orders");
    for (var order : book.orders()) {
      if (order.ref().venue().equals(options.name())) {
        orders.add(entity(order));
      }
    }
    return node.toString();
  }

  private HttpAnswer login(JsonNode body) {
    boolean good =
        accepted.login(
            SimulatorJson.text(body, "name"),
            SimulatorJson.text(body, "password"),
            body.has("sec") ? String.valueOf(SimulatorJson.text(body, "sec")) : null);
    return good
        ? token()
        : HttpAnswer.json(200, "{\"errorText\":\"Incorrect username or password.\"}");
  }

  private HttpAnswer token() {
    var token = "access-" + UUID.randomUUID();
    Instant expiry = tokens.give(token);
    return HttpAnswer.json(
        200,
        SimulatorJson.object()
            .put("accessToken", token)
            .put("expirationTime", expiry.toString())
            .put("userStatus", "Active")
            .put("userId", TradovateBodies.USER_ID)
            .put("name", options.credentials().user())
            .put("hasLive", true)
            .toString());
  }

  private static HttpAnswer notFound() {
    return HttpAnswer.json(404, "{\"errorText\":\"Not found\",\"ok\":false}");
  }

  @Override
  public HttpAnswer unauthorized() {
    return new HttpAnswer(401, "text/plain", Map.of(), "Access is denied");
  }

  /** Empty: the hour is a rule of the documents. */
  @Override
  public HttpAnswer tooMany(@Nullable String retryAfter) {
    var answer = HttpAnswer.json(429, "");
    return retryAfter == null ? answer : answer.withHeader("Retry-After", retryAfter);
  }

  @Override
  public HttpAnswer failed(int status) {
    return new HttpAnswer(status, "text/plain", Map.of(), "Internal server error");
  }

  @Override
  public HttpAnswer lockOut(VenueRequest ask) {
    limiter.lockOut(user(), options.limits());
    return tooMany(null);
  }

  @Override
  public HttpAnswer ticket(VenueRequest ask, Fault.Ticket ticket) {
    return tickets.issue(ask, ticket);
  }

  @Override
  public void expireTokens() {
    tokens.expireAll();
  }
}
