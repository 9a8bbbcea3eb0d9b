package io.countermand.app.demo;

import io.countermand.domain.Intent;
import io.countermand.domain.Requester;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes orders and intents as a trading firm would. */
final class TradingFirm {

  private static final String ACCOUNT = "Sim101";
  private static final Requester WHO =
      new Requester("demo-algo", "t.rader", "index-arb", "client-7", "quote moved");

  private TradingFirm() {}

  /** The n-th order at a venue, with an id of the form that its adapter asks for. */
  static OrderRef order(DemoVenue venue, long n) {
    String id =
        switch (venue.adapter()) {
          case "neuratrade" -> "ord-20260303120000-" + n;
          case "tradovate" -> Long.toString(1_000_000 + n);
          default -> "%032x".formatted(0xce0a8e5002ea463eL + n * 0x9E3779B97F4A7C15L);
        };
    return new OrderRef(venue.name(), ACCOUNT, id);
  }

  static Intent cancel(String cancelId, OrderRef order) {
    return intent(cancelId, order, null);
  }

  static Intent intent(String cancelId, OrderRef order, @Nullable Instant deadline) {
    return new Intent(
        cancelId,
        order,
        null,
        null,
        null,
        deadline,
        false,
        true,
        WHO,
        Map.of("book", "demo"),
        Instant.EPOCH);
  }
}
