package io.countermand.simulator.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.Side;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.request.SimulatorJson;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders as JSON, in the journal and for the administrator; quantities are decimal strings. */
public final class OrderJson {

  /** What an order to place may say. */
  private static final List<String> FIELDS =
      List.of(
          "venue",
          "account",
          "orderId",
          "quantity",
          "price",
          "symbol",
          "side",
          "clOrdId",
          "name",
          "strategyId",
          "placedAt",
          "instrument",
          "trader",
          "desk",
          "algorithm",
          "client");

  private OrderJson() {}

  /** With {@code told}: what its order events tell beside its state, if anything. */
  public static ObjectNode node(Order order) {
    ObjectNode node = plain(order);
    OrderDetails told = order.details();
    if (told != null) {
      node.putObject("told")
          .put("instrument", told.instrument())
          .put("side", told.side() == null ? null : told.side().name())
          .put("trader", told.trader())
          .put("desk", told.desk())
          .put("algorithm", told.algorithm())
          .put("client", told.client());
    }
    return node;
  }

  private static ObjectNode plain(Order order) {
    return SimulatorJson.object()
        .put("venue", order.ref().venue())
        .put("account", order.ref().account())
        .put("orderId", order.ref().orderId())
        .put("clOrdId", order.clOrdId())
        .put("name", order.name())
        .put("strategyId", order.strategyId())
        .put("symbol", order.symbol())
        .put("side", order.side())
        .put("price", plain(order.price()))
        .put("quantity", plain(order.quantity()))
        .put("filled", plain(order.filled()))
        .put("averagePrice", plain(order.averagePrice()))
        .put("status", order.status().name())
        .put("sequence", order.sequence())
        .put("placedAt", SimulatorJson.micros(order.placedAt()))
        .put("changedAt", SimulatorJson.micros(order.changedAt()));
  }

  static Order read(JsonNode node) {
    return new Order(
        ref(node),
        SimulatorJson.text(node, "clOrdId"),
        SimulatorJson.text(node, "name"),
        SimulatorJson.text(node, "strategyId"),
        node.path("symbol").asText(),
        node.path("side").asText(),
        decimal(node, "price"),
        need(node, "quantity"),
        need(node, "filled"),
        decimal(node, "averagePrice"),
        OrdStatus.valueOf(node.path("status").asText()),
        node.path("sequence").longValue(),
        SimulatorJson.instant(node.path("placedAt").longValue()),
        SimulatorJson.instant(node.path("changedAt").longValue()),
        details(node.path("told")));
  }

  private static @Nullable OrderDetails details(JsonNode node) {
    var side = word(node, "side");
    return OrderDetails.of(
        word(node, "instrument"),
        side == null ? null : side(side),
        word(node, "trader"),
        word(node, "desk"),
        word(node, "algorithm"),
        word(node, "client"));
  }

  private static Side side(String text) {
    return switch (text) {
      case "BUY" -> Side.BUY;
      case "SELL" -> Side.SELL;
      default -> throw new IllegalArgumentException("side must be BUY or SELL");
    };
  }

  /** Null if it is absent or null; what is given must not be lost. */
  private static @Nullable String word(JsonNode node, String field) {
    var value = node.path(field);
    if (!value.isTextual() && !value.isMissingNode() && !value.isNull()) {
      throw new IllegalArgumentException(field + " must be a string");
    }
    return value.textValue();
  }

  /**
   * @throws IllegalArgumentException saying what is missing, wrong, or not known
   */
  public static NewOrder readNew(JsonNode node) {
    SimulatorJson.only(node, "an order", FIELDS);
    FIELDS.stream()
        .filter(field -> node.path(field).isTextual() && node.path(field).textValue().isEmpty())
        .findFirst()
        .ifPresent(
            field -> {
              throw new IllegalArgumentException(field + " is empty; leave it out");
            });
    var placedAt = node.path("placedAt");
    if (!placedAt.isMissingNode()
        && !(placedAt.isIntegralNumber() && placedAt.canConvertToLong())) {
      throw new IllegalArgumentException("placedAt must be a whole number of microseconds");
    }
    var price = node.path("price");
    if (!price.isMissingNode() && !price.isNull() && !price.isNumber() && !price.isTextual()) {
      throw new IllegalArgumentException("price must be a decimal");
    }
    var like = NewOrder.of("", "", "", "0");
    var quantity = need(node, "quantity");
    if (quantity.signum() <= 0) {
      throw new IllegalArgumentException("quantity must be positive");
    }
    var symbol = word(node, "symbol");
    var side = word(node, "side");
    return new NewOrder(
        ref(node),
        quantity,
        node.has("price") ? decimal(node, "price") : like.price(),
        symbol == null ? like.symbol() : symbol,
        side == null ? like.side() : side,
        word(node, "clOrdId"),
        word(node, "name"),
        word(node, "strategyId"),
        node.has("placedAt") ? SimulatorJson.instant(node.path("placedAt").longValue()) : null,
        details(node));
  }

  public static OrderRef ref(JsonNode node) {
    return new OrderRef(part(node, "venue"), part(node, "account"), part(node, "orderId"));
  }

  private static String part(JsonNode node, String field) {
    var text = SimulatorJson.text(node, field);
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return text;
  }

  public static BigDecimal need(JsonNode node, String field) {
    var value = decimal(node, field);
    if (value == null) {
      throw new IllegalArgumentException(field + " must be a decimal");
    }
    return value;
  }

  /** A decimal given as a string or a number; null if it is absent or null. */
  static @Nullable public BigDecimal decimal(JsonNode node, String field) {
    var value = node.path(field);
    if (!value.isNumber() && !value.isTextual()) {
      return null;
    }
    BigDecimal decimal =
        value.isNumber() ? Facts.decimal(value.decimalValue()) : Facts.decimal(value.textValue());
    if (decimal == null) {
      throw new IllegalArgumentException(field + " must be a decimal");
    }
    return decimal;
  }

  private static @Nullable String plain(@Nullable BigDecimal value) {
    return value == null ? null : value.toPlainString();
  }
}
