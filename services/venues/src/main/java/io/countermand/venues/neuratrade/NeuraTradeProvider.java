package io.countermand.venues.neuratrade;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.HttpVenueAdapter;
import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Adapter {@code neuratrade}. */
public final class NeuraTradeProvider implements VenueProvider {

  @Override
  public String adapter() {
    return "neuratrade";
  }

  @Override
  public String summary() {
    return "NeuraTrade API v1";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        true,
        false,
        true,
        false,
        false,
        true,
        "cancelled in NeuraTrade's own book; its published handler calls no exchange");
  }

  /** {@code trading/cancel_order} ends the order and what it has opened. */
  @Override
  public boolean cancelClosesPosition() {
    return true;
  }

  /** 100 a minute, in whatever minute: 80 and a burst of 20. */
  @Override
  public VenueDefaults defaults() {
    return new VenueDefaults(
        URI.create("https://api.neuratrade.com"),
        new Rate(80, Duration.ofMinutes(1), 20),
        8,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  @Override
  public List<List<String>> credentials() {
    return List.of(List.of("email", "password"), List.of("token"));
  }

  @Override
  public List<VenueOption> options() {
    return List.of(
        new VenueOption(
            "account",
            "what intents call the user's account, which positions do not name; for the order feed",
            null));
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    NeuraTradeOrders orders = new NeuraTradeOrders(settings.options().get("account"));
    return settings.credentials().find("token") != null
        ? HttpVenueAdapter.withToken(
            settings, capabilities(), orders, settings.credentials().get("token"))
        : HttpVenueAdapter.withLogin(
            settings, capabilities(), orders, new NeuraTradeLogin(settings.credentials()));
  }
}
