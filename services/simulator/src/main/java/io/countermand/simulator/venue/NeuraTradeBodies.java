package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.OrdStatus;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.options.Words;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.SimulatorJson;

/** NeuraTrade's answers, laid out as in its documents. */
final class NeuraTradeBodies {

  private NeuraTradeBodies() {}

  static HttpAnswer canceled(Order order) {
    var body = new StringBuilder("{\n  \"status\": \"success\",\n  \"data\": {\n");
    text(body, "order_id", order.ref().orderId());
    text(body, "position_id", positionId(order));
    text(body, "exchange", "binance");
    text(body, "symbol", order.symbol());
    text(body, "side", order.side());
    text(body, "type", "LIMIT");
    text(body, "amount", order.quantity().toPlainString());
    text(body, "price", order.price() == null ? "0" : order.price().toPlainString());
    text(body, "status", Words.neuraTrade(order.status()));
    text(body, "created_at", order.placedAt().toString());
    text(body, "updated_at", order.changedAt().toString());
    body.setLength(body.length() - 2);
    return HttpAnswer.json(200, body.append("\n  }\n}").toString());
  }

  static HttpAnswer error(int status, String error) {
    return HttpAnswer.json(
        status, "{\n  \"status\": \"error\",\n  \"error\": " + SimulatorJson.quote(error) + "\n}");
  }

  static ObjectNode position(Order order) {
    boolean closed = order.status().terminal() && order.status() != OrdStatus.FILLED;
    return SimulatorJson.object()
        .put("position_id", positionId(order))
        .put("order_id", order.ref().orderId())
        .put("exchange", "binance")
        .put("symbol", order.symbol())
        .put("side", order.side())
        .put("size", order.quantity().toPlainString())
        .put("entry_price", order.price() == null ? "0" : order.price().toPlainString())
        .put("status", closed ? "CLOSED" : "OPEN")
        .put("opened_at", order.placedAt().toString())
        .put("updated_at", order.changedAt().toString());
  }

  private static String positionId(Order order) {
    var id = order.ref().orderId();
    return "pos-" + (id.startsWith("ord-") ? id.substring(4) : id);
  }

  private static void text(StringBuilder body, String field, String value) {
    body.append("    \"")
        .append(field)
        .append("\": ")
        .append(SimulatorJson.quote(value))
        .append(",\n");
  }
}
