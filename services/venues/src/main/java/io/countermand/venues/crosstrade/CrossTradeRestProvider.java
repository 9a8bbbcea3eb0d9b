package io.countermand.venues.crosstrade;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.accounts.CheckedAccounts;
import io.countermand.venues.http.HttpVenueAdapter;
import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Adapter {@code crosstrade}. */
public final class CrossTradeRestProvider implements VenueProvider {

  /**
   * 3 a second, burst 20, per user over REST and WebSocket together; one less here, since calls may
   * arrive closer together than they were sent.
   */
  static final Rate RATE = Rate.perSecond(3, 19);

  /** "This says that the cancel was taken, not that the exchange confirmed it." */
  static final String TAKEN = "NinjaTrader took the cancel; the exchange has not confirmed it";

  private static final String ALL_ORDERS = "orders-path";
  static final String ALL_ORDERS_DEFAULT = "/v1/api/orders";

  private static final String BULK = "bulk-cancels";

  @Override
  public List<VenueOption> options() {
    return List.of(
        new VenueOption(ALL_ORDERS, "path of the list of all accounts' orders", ALL_ORDERS_DEFAULT),
        CheckedAccounts.OPTION,
        new VenueOption(
            BULK, "mass cancels may cancel all of an account in one call: true or false", "false"));
  }

  @Override
  public String adapter() {
    return "crosstrade";
  }

  @Override
  public String summary() {
    return "CrossTrade REST v1 (NinjaTrader 8)";
  }

  @Override
  public Capabilities capabilities() {
    return capabilities(true);
  }

  private static Capabilities capabilities(boolean cancelsAll) {
    return new Capabilities(true, false, false, false, false, true, true, cancelsAll, TAKEN);
  }

  @Override
  public VenueDefaults defaults() {
    return new VenueDefaults(
        URI.create("https://app.crosstrade.io"),
        RATE,
        16,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    boolean _ = CheckedAccounts.wanted(settings);
    String orders = settings.options().getOrDefault(ALL_ORDERS, ALL_ORDERS_DEFAULT);
    if (!orders.matches("(/[A-Za-z0-9._~-]+)+")) {
      throw new IllegalArgumentException(
          "option '%s' must be a path like %s".formatted(ALL_ORDERS, ALL_ORDERS_DEFAULT));
    }
    String bulk = settings.options().getOrDefault(BULK, "false");
    if (!bulk.equals("true") && !bulk.equals("false")) {
      throw new IllegalArgumentException("option '%s' must be true or false".formatted(BULK));
    }
    return HttpVenueAdapter.withToken(
        settings,
        capabilities(bulk.equals("true")),
        new CrossTradeRest(orders),
        settings.credentials().get("token"));
  }
}
