package io.countermand.venues.crosstrade;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.ws.Backoff;
import io.countermand.venues.ws.WsKeeper;
import io.countermand.venues.ws.WsUris;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Adapter {@code crosstrade-ws}. Its base URL is the whole URL of the stream. */
public final class CrossTradeWsProvider implements VenueProvider {

  private static final String PING = "ping-interval";
  private static final String PING_DEFAULT = "PT20S";

  @Override
  public String adapter() {
    return "crosstrade-ws";
  }

  @Override
  public String summary() {
    return "CrossTrade WebSocket API, RPC over one connection";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, false, false, false, false, false, CrossTradeRestProvider.TAKEN);
  }

  @Override
  public VenueDefaults defaults() {
    return new VenueDefaults(
        URI.create("wss://app.crosstrade.io/ws/stream"),
        CrossTradeRestProvider.RATE,
        32,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  @Override
  public List<VenueOption> options() {
    return List.of(new VenueOption(PING, "ISO 8601 duration, PT0.05S to PT5M", PING_DEFAULT));
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    Duration ping = ping(settings.options().getOrDefault(PING, PING_DEFAULT));
    WsKeeper.Timing timing =
        new WsKeeper.Timing(
            settings.connectTimeout(), ping, ping.multipliedBy(5).dividedBy(2), Backoff.USUAL);
    return new CrossTradeWsAdapter(
        settings, capabilities(), WsUris.of(settings.baseUrl(), ""), timing);
  }

  private static Duration ping(String text) {
    try {
      Duration ping = Duration.parse(text);
      if (ping.compareTo(Duration.ofMillis(50)) >= 0
          && ping.compareTo(Duration.ofMinutes(5)) <= 0) {
        return ping;
      }
    } catch (DateTimeParseException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "option '%s' must be an ISO 8601 duration from PT0.05S to PT5M".formatted(PING));
  }
}
