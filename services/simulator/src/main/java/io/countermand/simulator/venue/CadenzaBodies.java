package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrdStatus;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.options.Words;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.SimulatorJson;
import java.math.BigDecimal;

/** Cadenza's answers, laid out as in its documents. */
final class CadenzaBodies {

  private CadenzaBodies() {}

  static String canceled(Order order) {
    return "{\n\"data\": "
        + order(order)
        + ",\n\"success\": true,\n\"errno\": 0,\n\"error\": null\n}";
  }

  static String order(Order order) {
    var assets = order.symbol().split("/", 2);
    var cost =
        order.averagePrice() == null
            ? BigDecimal.ZERO
            : order.averagePrice().multiply(order.filled());
    var body = new StringBuilder("{\n");
    text(body, "tradeOrderId", order.ref().orderId());
    text(body, "tradingAccountId", order.ref().account());
    text(body, "venue", "BINANCE");
    text(body, "instrumentId", "BINANCE:" + order.symbol());
    text(body, "baseAsset", assets[0]);
    text(body, "quoteAsset", assets.length > 1 ? assets[1] : "");
    text(body, "orderSide", order.side());
    text(body, "orderType", "LIMIT");
    text(body, "timeInForce", "GTC");
    text(body, "status", Words.cadenza(order.status()));
    text(body, "limitPrice", order.price() == null ? "0" : order.price().toPlainString());
    text(body, "quantity", order.quantity().toPlainString());
    text(body, "executedQuantity", order.filled().toPlainString());
    text(body, "executedCost", cost.toPlainString());
    body.append("\"createdAt\": ").append(order.placedAt().toEpochMilli());
    body.append(",\n\"updatedAt\": ").append(order.changedAt().toEpochMilli());
    if (order.status() == OrdStatus.CANCELED) {
      body.append(",\n\"cancelledAt\": ").append(order.changedAt().toEpochMilli());
    }
    return body.append("\n}").toString();
  }

  static HttpAnswer success(JsonNode data) {
    var body = SimulatorJson.object();
    body.set("data", data);
    return HttpAnswer.json(
        200, body.put("success", true).put("errno", 0).putNull("error").toString());
  }

  static HttpAnswer error(int status, int errno, String text) {
    return HttpAnswer.json(
        status,
        "{\n\"data\": null,\n\"success\": false,\n\"errno\": "
            + errno
            + ",\n\"error\": "
            + SimulatorJson.quote(text)
            + "\n}");
  }

  private static void text(StringBuilder body, String field, String value) {
    body.append('"').append(field).append("\": ").append(SimulatorJson.quote(value)).append(",\n");
  }
}
