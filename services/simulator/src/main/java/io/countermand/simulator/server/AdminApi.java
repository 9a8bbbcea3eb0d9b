package io.countermand.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.fault.FaultJson;
import io.countermand.simulator.fault.FaultScript;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.journal.JournalEntry;
import io.countermand.simulator.journal.JournalJson;
import io.countermand.simulator.journal.OrderJson;
import io.countermand.simulator.options.SimulatedCredentials;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.venue.Accepted;
import io.countermand.simulator.venue.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * What a test or another process does to the simulator over HTTP, under {@code /admin}:
 *
 * <ul>
 *   <li>{@code POST orders}: one order or a list, as {@link OrderJson} says, of which instrument,
 *       side, trader, desk, algorithm and client are told in its order events; {@code GET
 *       orders/{venue}/{account}/{orderId}}; {@code POST
 *       orders/{venue}/{account}/{orderId}/{fill|reduce|cancel|reject|expire|correct}}
 *   <li>{@code POST batch}: a list of {@code {"op":"place"|"fill"|...,"venue":...}}, in order
 *   <li>{@code GET|POST|DELETE faults}, {@code POST feeds/{venue}}, {@code POST
 *       (expire-tokens|drop-sockets)/{venue}}
 *   <li>{@code POST credentials/{venue}}: any of {@code user}, {@code password}, {@code token} and
 *       {@code key}; the rest stays. Those so far are refused at once, or taken until the next
 *       change with {@code "beside": true}
 *   <li>{@code GET journal?since=&limit=}
 * </ul>
 */
public final class AdminApi {

  private static final int PAGE = 10_000;

  private final Map<String, Instance> instances;
  private final OrderBook book;
  private final Journal journal;
  private final FaultScript faults;

  public AdminApi(
      Map<String, Instance> instances, OrderBook book, Journal journal, FaultScript faults) {
    this.instances = instances;
    this.book = book;
    this.journal = journal;
    this.faults = faults;
  }

  HttpAnswer answer(Incoming in) {
    try {
      return route(in);
    } catch (IllegalArgumentException e) {
      return error(400, e.getMessage());
    } catch (IllegalStateException e) {
      return error(409, e.getMessage());
    }
  }

  private HttpAnswer route(Incoming in) {
    var path = in.path();
    if (in.is("POST", "orders")) {
      return place(in.json());
    }
    if (in.is("POST", "batch")) {
      return batch(in.json());
    }
    if (path.equals(List.of("faults"))) {
      return faults(in);
    }
    if (in.is("GET", "journal")) {
      return journal(number(in, "since", 1), (int) number(in, "limit", PAGE));
    }
    if (path.size() >= 4 && path.getFirst().equals("orders")) {
      var ref = new OrderRef(path.get(1), path.get(2), path.get(3));
      if (in.method().equals("GET") && path.size() == 4) {
        return told(book.find(ref));
      }
      if (in.method().equals("POST") && path.size() == 5) {
        return told(change(path.get(4), ref, in.json()));
      }
    }
    if (in.method().equals("POST") && path.size() == 2 && instances.containsKey(path.get(1))) {
      var instance = Objects.requireNonNull(instances.get(path.get(1)));
      if (path.getFirst().equals("feeds")) {
        instance.feed().script(FaultJson.feed(in.json()));
        return HttpAnswer.json(200, "{}");
      }
      if (path.getFirst().equals("drop-sockets")) {
        instance.sockets().forEach(Session::disconnect);
        return HttpAnswer.json(200, "{}");
      }
      if (path.getFirst().equals("credentials")) {
        credentials(instance.accepted(), in.json());
        return HttpAnswer.json(200, "{}");
      }
      if (path.getFirst().equals("expire-tokens")) {
        instance.api().expireTokens();
        return HttpAnswer.json(200, "{}");
      }
    }
    return error(404, "no such path");
  }

  /** Neither logged nor told back. */
  private static void credentials(Accepted accepted, JsonNode body) {
    var now = accepted.newest();
    var next =
        new SimulatedCredentials(
            or(body, "user", now.user()),
            or(body, "password", now.password()),
            or(body, "token", now.token()),
            or(body, "key", now.key()));
    if (next.equals(now)) {
      throw new IllegalArgumentException("give another user, password, token or key");
    }
    accepted.change(next, body.path("beside").asBoolean());
  }

  private static String or(JsonNode body, String name, String otherwise) {
    var text = SimulatorJson.text(body, name);
    return text == null || text.isBlank() ? otherwise : text;
  }

  private HttpAnswer faults(Incoming in) {
    switch (in.method()) {
      case "POST" -> FaultJson.rules(in.json()).forEach(faults::add);
      case "DELETE" -> faults.clear();
      default -> {}
    }
    var left = SimulatorJson.MAPPER.createArrayNode();
    faults.rules().forEach(rule -> left.add(FaultJson.node(rule)));
    return HttpAnswer.json(200, left.toString());
  }

  private HttpAnswer place(JsonNode body) {
    if (body.isArray()) {
      List<NewOrder> all = new ArrayList<>(); // all are read before one is placed
      body.forEach(node -> all.add(OrderJson.readNew(node)));
      all.forEach(book::place);
      return HttpAnswer.json(201, SimulatorJson.object().put("placed", body.size()).toString());
    }
    return HttpAnswer.json(201, OrderJson.node(book.place(OrderJson.readNew(body))).toString());
  }

  /** All of it, also after a part that fails; says which parts failed and why. */
  private HttpAnswer batch(JsonNode body) {
    var failed = SimulatorJson.MAPPER.createArrayNode();
    int index = 0;
    for (var node : body) {
      var why = batched(node);
      if (why != null) {
        failed.addObject().put("index", index).put("error", why);
      }
      index++;
    }
    return HttpAnswer.json(
        200, SimulatorJson.object().put("done", index).set("failed", failed).toString());
  }

  private @Nullable String batched(JsonNode node) {
    try {
      var op = node.path("op").asText();
      if (op.equals("place")) {
        ObjectNode order = node.deepCopy();
        order.remove("op");
        book.place(OrderJson.readNew(order));
        return null;
      }
      return change(op, OrderJson.ref(node), node) == null ? "not open or unknown" : null;
    } catch (IllegalArgumentException | IllegalStateException e) {
      return e.getMessage();
    }
  }

  private @Nullable Order change(String op, OrderRef ref, JsonNode body) {
    var quantity = OrderJson.decimal(body, "quantity");
    return switch (op) {
      case "fill" ->
          quantity == null
              ? book.fill(ref)
              : book.fill(ref, quantity, OrderJson.decimal(body, "price"));
      case "reduce" -> book.reduce(ref, OrderJson.need(body, "quantity"));
      case "cancel" -> book.cancel(ref).order();
      case "reject" -> book.reject(ref);
      case "expire" -> book.expire(ref);
      case "correct" ->
          book.correct(
              ref, OrdStatus.valueOf(body.path("status").asText()), OrderJson.need(body, "filled"));
      default -> throw new IllegalArgumentException("no such operation: " + op);
    };
  }

  private HttpAnswer journal(long since, int limit) {
    var page = SimulatorJson.MAPPER.createArrayNode();
    List<JournalEntry> entries = journal.since(since, limit);
    entries.forEach(entry -> page.add(JournalJson.node(entry)));
    return HttpAnswer.json(200, page.toString());
  }

  private static HttpAnswer told(@Nullable Order order) {
    return order == null
        ? error(404, "order unknown or not open")
        : HttpAnswer.json(200, OrderJson.node(order).toString());
  }

  private static long number(Incoming in, String name, long otherwise) {
    var text = in.query().get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }

  private static HttpAnswer error(int status, @Nullable String why) {
    return HttpAnswer.json(status, SimulatorJson.object().put("error", why).toString());
  }
}
