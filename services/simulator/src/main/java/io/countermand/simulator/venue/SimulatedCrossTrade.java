// Over 300 lines: one API over two transports, each call read and answered in one place.
package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.OrderRef;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** CrossTrade's API: what REST and WebSocket RPC have in common, and the REST paths. */
public final class SimulatedCrossTrade implements VenueApi {

  public static final String CANCEL = "Cancel";
  public static final String CANCEL_ALL = "CancelOrders";
  public static final String STATUS = "GetOrderStatus";
  public static final String ORDER = "GetOrder";
  public static final String ACCOUNTS = "GetAccounts";
  private static final String LIFECYCLE = "GetOrderLifecycle";
  private static final String STREAM = "stream";
  private static final String ORDERS = "GetOrders";

  /** NinjaTrader forgets the orders of former sessions; how many it tells is found nowhere. */
  private static final int ENDED_TOLD = 1000;

  private final InstanceOptions options;
  private final Accepted accepted;
  private final OrderBook book;
  private final Limiter limiter;

  SimulatedCrossTrade(InstanceOptions options, Accepted accepted, OrderBook book, Limiter limiter) {
    this.options = options;
    this.accepted = accepted;
    this.book = book;
    this.limiter = limiter;
  }

  @Override
  public VenueRequest read(Incoming in) {
    var path = in.path();
    if (in.webSocket() && in.is("GET", "ws", "stream")) {
      return in.ask(CallKind.FEED, STREAM, null, null);
    }
    if (in.is("GET", "v1", "api", "accounts")) {
      return in.ask(CallKind.OTHER, ACCOUNTS, null, null);
    }
    if (in.is("GET", "v1", "api", "orders")) {
      return in.ask(CallKind.FEED, ORDERS, null, null);
    }
    if (path.size() == 5
        && path.subList(0, 3).equals(List.of("v1", "api", "accounts"))
        && in.is("GET", "v1", "api", "accounts", path.get(3), "orders")) {
      return in.ask(CallKind.FEED, ORDERS, path.get(3), null);
    }
    if (path.size() < 6 || !path.subList(0, 3).equals(List.of("v1", "api", "accounts"))) {
      return in.ask(CallKind.OTHER, "", null, null);
    }
    var account = path.get(3);
    var what =
        in.method() + " " + path.get(4) + "/" + String.join("/", path.subList(5, path.size()));
    var order = path.get(5);
    if (what.equals("POST orders/cancel")) {
      return in.ask(CallKind.MASS_CANCEL, CANCEL_ALL, account, null);
    }
    if (what.equals("POST orders/" + order + "/cancel")) {
      return in.ask(CallKind.CANCEL, CANCEL, account, order);
    }
    if (what.equals("GET orders/" + order + "/status")) {
      return in.ask(CallKind.STATUS, STATUS, account, order);
    }
    if (what.equals("GET orders/" + order + "/lifecycle")) {
      return in.ask(CallKind.OTHER, LIFECYCLE, account, order);
    }
    if (what.equals("GET orders/" + order)) {
      return in.ask(CallKind.STATUS, ORDER, account, order);
    }
    return in.ask(CallKind.OTHER, "", null, null);
  }

  @Override
  public @Nullable NotAdmitted refuse(VenueRequest ask) {
    if (!authorized(ask.bearer())) {
      return new NotAdmitted("unauthorized", unauthorized());
    }
    return ask.op().equals(STREAM) ? null : limited();
  }

  private boolean authorized(@Nullable String bearer) {
    return accepted.token(bearer);
  }

  /** One bucket per user: REST and WebSocket draw from the same. */
  private @Nullable NotAdmitted limited() {
    var wait = limiter.take("crosstrade " + options.credentials().token(), options.limits());
    return wait == null
        ? null
        : new NotAdmitted("limited", tooMany(Long.toString(Math.max(1, wait.toSeconds()))));
  }

  @Override
  public VenueResult act(VenueRequest ask, Canceling canceling) {
    if (ask.op().equals(STREAM)) {
      return VenueResult.nothing(HttpAnswer.json(HttpAnswer.UPGRADE, ""));
    }
    if (ask.op().equals(ACCOUNTS)) {
      return VenueResult.nothing(accounts());
    }
    if (ask.op().equals(LIFECYCLE)) {
      return VenueResult.nothing(lifecycle(ask.orderId()));
    }
    if (ask.op().equals(ORDERS)) {
      return VenueResult.nothing(orders(ask.account()));
    }
    if (ask.op().isEmpty() || ask.account() == null || !wellFormed(ask)) {
      return VenueResult.nothing(invalid());
    }
    var account = canonical(ask.account());
    if (!options.accounts().isEmpty() && !options.accounts().contains(account)) {
      return VenueResult.nothing(invalidAccount(ask.account()));
    }
    if (ask.op().equals(CANCEL_ALL)) {
      return cancelAll(account, SimulatorJson.text(ask.body(), "instrument"), canceling);
    }
    var id = Objects.requireNonNull(ask.orderId());
    var ref = new OrderRef(options.name(), account, id);
    return switch (ask.op()) {
      case CANCEL -> cancel(ref, canceling);
      case STATUS -> status(ref);
      default -> order(ref);
    };
  }

  /** "account values are case-insensitive on input"; as it was written if no account is meant. */
  private String canonical(String account) {
    return options.accounts().stream()
        .filter(account::equalsIgnoreCase)
        .findFirst()
        .orElse(account);
  }

  /** A body must be an object, if there is one. */
  private static boolean wellFormed(VenueRequest ask) {
    return ask.kind() == CallKind.STATUS || ask.body().isObject() || ask.safeBody().isEmpty();
  }

  private VenueResult cancel(OrderRef ref, Canceling canceling) {
    var effect = canceling.take(ref).effect();
    // A second cancel of an order whose cancel is pending is taken too.
    boolean success =
        effect.taken()
            || (effect == Effect.ALREADY_PENDING && !options.doubts(Doubt.PENDING_IS_GONE));
    return new VenueResult(effect, success ? canceled(ref.orderId()) : gone(ref.orderId()));
  }

  private VenueResult cancelAll(String account, @Nullable String instrument, Canceling canceling) {
    var taken =
        book.orders().stream()
            .filter(order -> order.ref().venue().equals(options.name()))
            .filter(order -> order.ref().account().equals(account) && order.open())
            .filter(order -> instrument == null || instrument.equals(order.symbol()))
            .filter(order -> canceling.take(order.ref()).effect().taken())
            .map(order -> SimulatorJson.quote(order.ref().orderId()))
            .sorted()
            .toList();
    return new VenueResult(
        taken.isEmpty() ? Effect.NONE : Effect.CANCELED_NOW,
        HttpAnswer.json(
            200, "{\n\"orderIds\": [" + String.join(", ", taken) + "],\n\"success\": true\n}"));
  }

  /** Null for one that no look-up tells. */
  private @Nullable Order told(OrderRef ref) {
    var order = book.find(ref);
    return order != null && !order.open() && options.doubts(Doubt.ENDED_FORGOTTEN) ? null : order;
  }

  private VenueResult status(OrderRef ref) {
    var order = told(ref);
    return VenueResult.nothing(
        order == null
            ? gone(ref.orderId())
            : HttpAnswer.json(
                200,
                "{\n\"status\": "
                    + SimulatorJson.quote(options.word(order.status()))
                    + ",\n\"success\": true\n}"));
  }

  /** Open ones, and those that ended last. */
  private HttpAnswer orders(@Nullable String account) {
    var mine =
        book.orders().stream()
            .filter(order -> order.ref().venue().equals(options.name()))
            .filter(order -> account == null || order.ref().account().equalsIgnoreCase(account))
            .sorted(Comparator.comparing(Order::changedAt).reversed())
            .toList();
    var list = SimulatorJson.MAPPER.createArrayNode();
    mine.stream().filter(Order::open).forEach(order -> list.add(node(order)));
    mine.stream()
        .filter(order -> !order.open() && !options.doubts(Doubt.ENDED_FORGOTTEN))
        .limit(ENDED_TOLD)
        .forEach(order -> list.add(node(order)));
    return list("orders", list);
  }

  /** Whatever account is in the path: "The add-on does not filter by account". */
  private HttpAnswer lifecycle(@Nullable String id) {
    var order = id == null ? null : book.find(options.name(), id);
    if (order == null) {
      return gone(String.valueOf(id));
    }
    var node =
        SimulatorJson.object()
            .put("success", true)
            .put("orderId", order.ref().orderId())
            .putNull("originalOrderId")
            .put("account", order.ref().account());
    var events = node.putArray("events");
    event(events, order, order.placedAt(), "api_received", "PlaceOrder", null);
    event(events, order, order.placedAt(), "nt8", "OrderUpdate", "Working");
    if (!order.open()) {
      event(events, order, order.changedAt(), "api_received", "Cancel", null);
      var word = options.word(order.status());
      event(events, order, order.changedAt(), "nt8", "OrderUpdate", word);
    }
    return HttpAnswer.json(200, node.put("count", events.size()).toString());
  }

  private static void event(
      ArrayNode to, Order order, Instant at, String source, String event, @Nullable String state) {
    to.addObject()
        .put("timestamp", at.toString())
        .put("epoch", (double) at.toEpochMilli())
        .put("source", source)
        .put("event", event)
        .put("orderState", state)
        .put("orderId", order.ref().orderId());
  }

  private VenueResult order(OrderRef ref) {
    var order = told(ref);
    return VenueResult.nothing(
        order == null
            ? gone(ref.orderId())
            : HttpAnswer.json(200, node(order).put("success", true).toString()));
  }

  private ObjectNode node(Order order) {
    var average = order.averagePrice() == null ? new BigDecimal("0.0") : order.averagePrice();
    return SimulatorJson.object()
        .put("account", order.ref().account())
        .put("orderId", order.ref().orderId())
        .put("instrument", order.symbol())
        .put("orderState", options.word(order.status()))
        .put("quantity", order.quantity())
        .put("averageFillPrice", average)
        .put("filled", order.filled());
  }

  private HttpAnswer accounts() {
    var accounts = SimulatorJson.MAPPER.createArrayNode();
    var id = 1;
    for (var name : options.accounts().stream().sorted().toList()) {
      accounts
          .addObject()
          .put("id", id++)
          .put("name", name)
          .put("displayName", name)
          .putNull("primaryUser")
          .put("provider", "Simulator")
          .put("denomination", "UsDollar")
          .put("status", "Enabled")
          .put("connectionStatus", "Connected");
    }
    return list("accounts", accounts);
  }

  /** Under which name a list stands is not told. */
  private HttpAnswer list(String name, ArrayNode list) {
    if (options.doubts(Doubt.BARE_LISTS)) {
      return HttpAnswer.json(200, list.toString());
    }
    var node = SimulatorJson.object();
    node.set(options.doubts(Doubt.LISTS_UNDER_DATA) ? "data" : name, list);
    return HttpAnswer.json(200, node.put("success", true).toString());
  }

  private static HttpAnswer canceled(String orderId) {
    return HttpAnswer.json(
        200, "{\n\"orderId\": " + SimulatorJson.quote(orderId) + ",\n\"success\": true\n}");
  }

  /**
   * Documented for a cancel; the only word for an order that is not there, so look-ups say it too.
   */
  private static HttpAnswer gone(String orderId) {
    return HttpAnswer.json(
        400,
        "{\n\"error\": "
            + SimulatorJson.quote(
                "Order linked to '" + orderId + "' not found or already terminal.")
            + "\n}");
  }

  private static HttpAnswer invalidAccount(String account) {
    return HttpAnswer.json(
        400,
        SimulatorJson.object()
            .put("success", false)
            .put("error", "invalid_account")
            .put("detail", "Account " + account + " not found")
            .toString());
  }

  static HttpAnswer invalid() {
    return HttpAnswer.json(400, "{\n\"error\": \"Invalid request\"\n}");
  }

  @Override
  public HttpAnswer unauthorized() {
    return HttpAnswer.json(401, "{\"error\":\"Unauthorized\"}");
  }

  @Override
  public HttpAnswer tooMany(@Nullable String retryAfter) {
    var answer = HttpAnswer.json(429, "{\"error\":\"Rate limit exceeded\"}");
    return retryAfter == null || options.doubts(Doubt.NO_RETRY_AFTER)
        ? answer
        : answer.withHeader("Retry-After", retryAfter);
  }

  @Override
  public HttpAnswer failed(int status) {
    return status == 408
        ? HttpAnswer.json(
            408, "{\"success\":false,\"error\":\"timeout\",\"detail\":\"NT8 is offline\"}")
        : new HttpAnswer(
            status, "application/json", Map.of(), "{\"error\":\"Internal server error\"}");
  }
}
