package io.countermand.simulator.venue;

import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.options.Doubt;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.NotAdmitted;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.request.VenueResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CrossTrade's webhook. It answers that it took the command and says nothing of the order, also
 * when there is none: the command is carried out behind it.
 */
final class SimulatedCrossTradeWebhook implements VenueApi {

  private static final String NO_POST = "no-post";

  private final InstanceOptions options;
  private final Accepted accepted;
  private final OrderBook book;
  private final Limiter limiter;

  SimulatedCrossTradeWebhook(
      InstanceOptions options, Accepted accepted, OrderBook book, Limiter limiter) {
    this.options = options;
    this.accepted = accepted;
    this.book = book;
    this.limiter = limiter;
  }

  @Override
  public VenueRequest read(Incoming in) {
    var path = in.path();
    var safe = in.body().replaceAll("key\\s*=[^;]*", "key=***");
    if (!in.method().equals("POST")) {
      return in.ask(CallKind.OTHER, NO_POST, null, null, safe);
    }
    if (path.size() != 4 || !path.get(0).equals("v1") || !path.get(1).equals("send")) {
      return in.ask(CallKind.OTHER, "", null, null, safe);
    }
    var fields = fields(in.body());
    if (fields == null || !"CANCEL".equals(fields.get("command")) || !complete(fields)) {
      return ask(in, CallKind.OTHER, "", null, null, fields, safe);
    }
    var order = find(fields);
    return ask(
        in,
        CallKind.CANCEL,
        "CANCEL",
        order == null ? null : order.ref().account(),
        order == null ? fields.get("order_id") : order.ref().orderId(),
        fields,
        safe);
  }

  /** The key stands where a token would. */
  private static VenueRequest ask(
      Incoming in,
      CallKind kind,
      String op,
      @Nullable String account,
      @Nullable String orderId,
      @Nullable Map<String, String> fields,
      String safe) {
    var key = fields == null ? null : fields.get("key");
    return new VenueRequest(
        kind,
        op,
        in.venue(),
        account,
        orderId,
        key,
        in.query(),
        in.json(),
        in.target(),
        in.traceparent(),
        safe);
  }

  private @Nullable Order find(Map<String, String> fields) {
    var id = fields.getOrDefault("order_id", "");
    var strategy = fields.get("strategy_id");
    var order = book.find(options.name(), id);
    return order == null && strategy != null ? book.findNamed(options.name(), strategy, id) : order;
  }

  /** A name counts only with a strategy. */
  private static boolean complete(Map<String, String> fields) {
    var id = fields.getOrDefault("order_id", "");
    boolean name = id.matches("(ENTRY|EXIT|STOP|SIMSTOP|TARGET)[0-9]+");
    return !id.isEmpty() && (!name || fields.containsKey("strategy_id"));
  }

  /**
   * Every field ends with a semicolon, or with its line: the documents' own example has {@code
   * command=CANCEL} without one. Null if the last has none, or a field comes twice.
   */
  private static @Nullable Map<String, String> fields(String body) {
    var fields = new LinkedHashMap<String, String>();
    var text = body.strip();
    if (!text.endsWith(";")) {
      return null;
    }
    for (var field : text.substring(0, text.length() - 1).split(";\\s*|\\R\\s*", -1)) {
      int equals = field.indexOf('=');
      if (equals < 1 || field.strip().contains("\n")) {
        return null;
      }
      if (fields.put(field.substring(0, equals).strip(), field.substring(equals + 1)) != null) {
        return null;
      }
    }
    return fields;
  }

  @Override
  public @Nullable NotAdmitted refuse(VenueRequest ask) {
    if (ask.op().equals(NO_POST)) {
      return null;
    }
    if (!accepted.key(ask.bearer())) {
      return new NotAdmitted("unauthorized", unauthorized());
    }
    // The user's one bucket, from which REST and WebSocket draw, too.
    var wait = limiter.take("crosstrade " + options.credentials().token(), options.limits());
    return wait == null
        ? null
        : new NotAdmitted("limited", tooMany(Long.toString(Math.max(1, wait.toSeconds()))));
  }

  @Override
  public VenueResult act(VenueRequest ask, Canceling canceling) {
    if (ask.op().equals(NO_POST)) {
      return VenueResult.nothing(HttpAnswer.json(405, ""));
    }
    if (ask.op().isEmpty()) {
      return VenueResult.nothing(
          HttpAnswer.json(400, "{\"success\":false,\"error\":\"Invalid command\"}"));
    }
    var order = ask.orderId() == null ? null : book.find(options.name(), ask.orderId());
    var effect = order == null ? Effect.UNKNOWN : canceling.take(order.ref()).effect();
    return new VenueResult(
        effect,
        options.doubts(Doubt.TAKEN_IN_A_WORD)
            ? new HttpAnswer(200, "text/plain", Map.of(), "OK")
            : HttpAnswer.json(200, "{\"success\":true}"));
  }

  @Override
  public HttpAnswer unauthorized() {
    return HttpAnswer.json(401, "{\"success\":false,\"error\":\"Invalid key\"}");
  }

  @Override
  public HttpAnswer tooMany(@Nullable String retryAfter) {
    var answer = HttpAnswer.json(429, "{\"success\":false,\"error\":\"Rate limit exceeded\"}");
    return retryAfter == null || options.doubts(Doubt.NO_RETRY_AFTER)
        ? answer
        : answer.withHeader("Retry-After", retryAfter);
  }

  @Override
  public HttpAnswer failed(int status) {
    return HttpAnswer.json(status, "{\"success\":false,\"error\":\"Internal server error\"}");
  }
}
