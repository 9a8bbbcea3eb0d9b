package io.countermand.venues.tradovate;

import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.accounts.CheckedAccounts;
import io.countermand.venues.http.HttpVenueAdapter;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.ws.Backoff;
import io.countermand.venues.ws.WsKeeper;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adapter {@code tradovate}. */
public final class TradovateProvider implements VenueProvider {

  static final String APP_ID = "app-id";
  static final String APP_VERSION = "app-version";
  static final String CUSTOM_TAG = "custom-tag50";
  static final String ACCOUNTS = "accounts";

  /** The client's heartbeat is due each 2.5 s; the server's comes as often. */
  private static final Duration BEAT = Duration.ofMillis(2_500);

  private static final Duration SILENCE = Duration.ofSeconds(10);

  @Override
  public String adapter() {
    return "tradovate";
  }

  @Override
  public String summary() {
    return "Tradovate API v1, with its order feed";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        true,
        false,
        false,
        true,
        true,
        true,
        true,
        "the command was accepted for execution; the order feed or a look-up tells the end");
  }

  /** 5,000 an hour, in whatever hour: 4,800 and a burst of 200. */
  @Override
  public VenueDefaults defaults() {
    return new VenueDefaults(
        URI.create("https://live.tradovateapi.com/v1"),
        new Rate(4_800, Duration.ofHours(1), 200),
        16,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  @Override
  public List<List<String>> credentials() {
    return List.of(List.of("name", "password", "cid", "sec"), List.of("token"));
  }

  @Override
  public List<VenueOption> options() {
    return List.of(
        new VenueOption(APP_ID, "name of the registered application", "Countermand"),
        new VenueOption(APP_VERSION, "its version", "1.0"),
        new VenueOption(CUSTOM_TAG, "customTag50 of each cancel, at most 64 characters", null),
        new VenueOption(
            ACCOUNTS, "names that intents use for account ids, as 12345=Alpha,678=Beta", null),
        CheckedAccounts.OPTION);
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    String tag = settings.options().get(CUSTOM_TAG);
    if (tag != null && tag.length() > TradovateOrders.LONGEST_TAG) {
      throw new IllegalArgumentException(
          "option '%s' is longer than 64 characters".formatted(CUSTOM_TAG));
    }
    boolean checked = CheckedAccounts.wanted(settings);
    Map<String, String> names = accounts(settings.options().getOrDefault(ACCOUNTS, ""));
    TradovateOrderEvents events = new TradovateOrderEvents(settings.instance(), names);
    TradovateOrders orders =
        new TradovateOrders(tag, events, new TradovateAccounts(names, checked));
    HttpVenueAdapter rest =
        settings.credentials().find("token") != null
            ? HttpVenueAdapter.withToken(
                settings, capabilities(), orders, settings.credentials().get("token"))
            : HttpVenueAdapter.withLogin(
                settings,
                capabilities(),
                orders,
                new TradovateLogin(settings.credentials(), settings.options()));
    WsKeeper.Timing timing =
        new WsKeeper.Timing(settings.connectTimeout(), BEAT, SILENCE, Backoff.USUAL);
    return new TradovateAdapter(
        rest, new TradovateFeed(settings, rest.tokens(), rest.scrubber(), events, timing));
  }

  private static Map<String, String> accounts(String text) {
    Map<String, String> accounts = new HashMap<>();
    for (String pair : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String[] parts = pair.strip().split("=", 2);
      if (parts.length != 2 || !parts[0].matches("[0-9]{1,18}") || parts[1].isBlank()) {
        throw new IllegalArgumentException(
            "option '%s' must be like 12345=Alpha,678=Beta".formatted(ACCOUNTS));
      }
      accounts.put(parts[0], parts[1]);
    }
    return accounts;
  }
}
