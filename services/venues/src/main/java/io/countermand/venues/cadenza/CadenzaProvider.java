package io.countermand.venues.cadenza;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.HttpVenueAdapter;
import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Adapter {@code cadenza}. */
public final class CadenzaProvider implements VenueProvider {

  @Override
  public String adapter() {
    return "cadenza";
  }

  @Override
  public String summary() {
    return "Cadenza (Algo724) API v3";
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
        "CANCELLED: the order is cancelled, says Cadenza; any open status: may take a moment");
  }

  /** No rate is documented; this one is careful. */
  @Override
  public VenueDefaults defaults() {
    return new VenueDefaults(
        URI.create("https://cadenza-api.algo724.com"),
        Rate.perSecond(10, 20),
        16,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30));
  }

  @Override
  public List<List<String>> credentials() {
    return List.of(List.of("email", "password"), List.of("token"));
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    CadenzaOrders orders = new CadenzaOrders();
    return settings.credentials().find("token") != null
        ? HttpVenueAdapter.withToken(
            settings, capabilities(), orders, settings.credentials().get("token"))
        : HttpVenueAdapter.withLogin(
            settings, capabilities(), orders, new CadenzaLogin(settings.credentials()));
  }
}
