package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.OrderEvent;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.options.Words;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.SimulatorJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tradovate's answers, laid out as in its documents. */
public final class TradovateBodies {

  static final long USER_ID = 15460;

  private static final int TAG_LENGTH = 64;

  private TradovateBodies() {}

  public static String result(@Nullable String reason, @Nullable String text, long command) {
    var body = new StringBuilder("{\n");
    if (reason != null) {
      body.append("  \"failureReason\": ").append(SimulatorJson.quote(reason)).append(",\n");
    }
    if (text != null) {
      body.append("  \"failureText\": ").append(SimulatorJson.quote(text)).append(",\n");
    }
    return body.append("  \"commandId\": ").append(command).append("\n}").toString();
  }

  /** What is wrong with the tags of a cancel; null for nothing. */
  static @Nullable HttpAnswer violation(JsonNode body) {
    for (var field : new String[] {"clOrdId", "customTag50"}) {
      if (body.path(field).asText().length() > TAG_LENGTH) {
        var node = SimulatorJson.object();
        node.putArray("violations").addObject().put("description", field + " is too long");
        return HttpAnswer.json(200, node.toString());
      }
    }
    return null;
  }

  /** The order entity as the feed tells it. */
  public static ObjectNode order(OrderEvent event) {
    return entity(
        event.order().orderId(),
        event.order().account(),
        String.valueOf(event.venueTime()),
        Words.tradovate(event.ordStatus()),
        "BUY");
  }

  /** The order entity of a look-up. */
  public static ObjectNode order(Order order) {
    return entity(
        order.ref().orderId(),
        order.ref().account(),
        order.changedAt().toString(),
        Words.tradovate(order.status()),
        order.side());
  }

  private static ObjectNode entity(
      String orderId, String account, String timestamp, String status, String side) {
    return SimulatorJson.object()
        .put("id", number(orderId))
        .put("accountId", number(account) == 0 ? numbered(account) : number(account))
        .put("contractId", 560901)
        .put("timestamp", timestamp)
        .put("action", side.equals("SELL") ? "Sell" : "Buy")
        .put("ordStatus", status)
        .put("admin", false);
  }

  /** An account that is called by its number has a name, too, and one that has a name a number. */
  static String accounts(Set<String> accounts) {
    var list = SimulatorJson.MAPPER.createArrayNode();
    for (var account : accounts.stream().sorted().toList()) {
      var id = number(account);
      list.addObject()
          .put("id", id == 0 ? numbered(account) : id)
          .put("name", id == 0 ? account : "DEMO" + account)
          .put("userId", USER_ID)
          .put("accountType", "Customer")
          .put("active", true)
          .put("clearingHouseId", 2)
          .put("riskCategoryId", 1)
          .put("autoLiqProfileId", 1)
          .put("marginAccountType", "Speculator")
          .put("legalStatus", "Individual");
    }
    return list.toString();
  }

  /** The number of an account that is told by name: always the same one, and positive. */
  private static long numbered(String account) {
    return 1_000_000L + (account.hashCode() & 0xfffff);
  }

  /** Ids are numbers here; one that is none stays out of the way as 0. */
  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
