package io.countermand.app.drill;

import io.countermand.app.chaos.FlowNames;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.Side;
import io.countermand.simulator.book.NewOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes a drill's orders: spread over venues, accounts, instruments, sides and traders. */
public final class DrillOrders {

  /** What its orders have, for the help of the command. */
  public static final String VALUES =
      "accounts Sim101 to Sim104 (at Tradovate 101 to 104), instruments BTC/USDT, ETH/USDT, ES and NQ, traders t.rader,"
          + " d.ealer and m.aker, desks index-arb and rates, algorithms alpha-7 and beta-2, clients"
          + " client-7 and client-8";

  private static final String NAME = "Sim";
  private static final List<String> ACCOUNTS = List.of("Sim101", "Sim102", "Sim103", "Sim104");
  private static final List<String> INSTRUMENTS = List.of("BTC/USDT", "ETH/USDT", "ES", "NQ");
  private static final List<String> TRADERS = List.of("t.rader", "d.ealer", "m.aker");
  private static final List<String> DESKS = List.of("index-arb", "rates");
  private static final List<String> ALGORITHMS = List.of("alpha-7", "beta-2");
  private static final List<String> CLIENTS = List.of("client-7", "client-8");

  private final Random random;
  private final List<Map.Entry<String, String>> venues;
  private int made;

  /**
   * @param seed with the same one, the same orders
   * @param venues adapter by instance name
   */
  public DrillOrders(long seed, Map<String, String> venues) {
    this.random = new Random(seed);
    this.venues = List.copyOf(venues.entrySet());
  }

  /** The next ones, at the venues in turn. */
  public List<NewOrder> next(int count) {
    List<NewOrder> orders = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      orders.add(next());
    }
    return orders;
  }

  NewOrder next() {
    Map.Entry<String, String> venue = venues.get(made % venues.size());
    String id = FlowNames.orderId(venue.getValue(), random.nextLong(), made++);
    String account = pick(ACCOUNTS);
    OrderDetails told =
        OrderDetails.of(
            pick(INSTRUMENTS),
            random.nextBoolean() ? Side.BUY : Side.SELL,
            pick(TRADERS),
            pick(DESKS),
            pick(ALGORITHMS),
            pick(CLIENTS));
    NewOrder order =
        NewOrder.of(
            venue.getKey(),
            // Its feed tells accounts by number.
            venue.getValue().equals("tradovate") ? account.substring(NAME.length()) : account,
            id,
            "" + (1 + random.nextInt(50)));
    return told == null ? order : order.told(told);
  }

  /** Whether a mass cancel of this scope means the order. */
  static boolean in(MassScope scope, NewOrder order) {
    OrderRef ref = order.ref();
    return scope.fit(ref, order.details()) == MassScope.Fit.IN;
  }

  private String pick(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
