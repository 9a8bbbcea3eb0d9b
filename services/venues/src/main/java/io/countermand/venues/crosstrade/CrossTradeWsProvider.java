package io.countermand.venues.crosstrade;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.accounts.CheckedAccounts;
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
  private static final String ACCOUNTS = "accounts-rpc";
  private static final String ACCOUNTS_DEFAULT = "GetAccounts";

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
    return new Capabilities(
        true, false, false, false, false, false, true, CrossTradeRestProvider.TAKEN);
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
    return List.of(
        new VenueOption(PING, "ISO 8601 duration, PT0.05S to PT5M", PING_DEFAULT),
        new VenueOption(
            ACCOUNTS,
            "name of the RPC that lists the accounts, which no page tells",
            ACCOUNTS_DEFAULT),
        CheckedAccounts.OPTION);
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    boolean _ = CheckedAccounts.wanted(settings);
    Duration ping = ping(settings.options().getOrDefault(PING, PING_DEFAULT));
    WsKeeper.Timing timing =
        new WsKeeper.Timing(
            settings.connectTimeout(), ping, ping.multipliedBy(5).dividedBy(2), Backoff.USUAL);
    String accounts = settings.options().getOrDefault(ACCOUNTS, ACCOUNTS_DEFAULT);
    if (!accounts.matches("[A-Za-z]{1,64}")) {
      throw new IllegalArgumentException(
          "option '%s' must be a name like %s".formatted(ACCOUNTS, ACCOUNTS_DEFAULT));
    }
    return new CrossTradeWsAdapter(
        settings, capabilities(), WsUris.of(settings.baseUrl(), ""), timing, accounts);
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
