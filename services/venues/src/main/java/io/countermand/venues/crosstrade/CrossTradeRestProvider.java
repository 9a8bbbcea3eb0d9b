package io.countermand.venues.crosstrade;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.HttpOptions;
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

  static final String TAKEN =
      "taken by CrossTrade; NinjaTrader and the exchange have still to cancel";

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
    return new Capabilities(true, false, false, false, false, TAKEN);
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
  public List<VenueOption> options() {
    return HttpOptions.and();
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    return HttpVenueAdapter.withToken(
        settings, capabilities(), new CrossTradeRest(), settings.credentials().get("token"));
  }
}
