package io.countermand.venues.crosstrade;

import io.countermand.venues.Capabilities;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.HttpVenueAdapter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Adapter {@code crosstrade-webhook}. Its base URL is the whole URL of one account's webhook. */
public final class CrossTradeWebhookProvider implements VenueProvider {

  @Override
  public String adapter() {
    return "crosstrade-webhook";
  }

  @Override
  public String summary() {
    return "CrossTrade webhooks, command CANCEL, by order id or name";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        false,
        true,
        false,
        false,
        false,
        false,
        "the command was taken; of the order it says nothing, and nobody can be asked");
  }

  @Override
  public VenueDefaults defaults() {
    return new VenueDefaults(
        URI.create("https://app.crosstrade.io/v1/send"),
        CrossTradeRestProvider.RATE,
        8,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  @Override
  public List<List<String>> credentials() {
    return List.of(List.of("key"));
  }

  @Override
  public List<VenueOption> options() {
    return List.of(new VenueOption("account", "the one account that the URL stands for", null));
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    String key = settings.credentials().get("key").reveal();
    if (key.indexOf(';') >= 0 || key.indexOf('=') >= 0) {
      throw new IllegalArgumentException("credential 'key' must not hold ';' or '='");
    }
    return HttpVenueAdapter.withSecrets(
        settings,
        capabilities(),
        new CrossTradeWebhook(settings.credentials().get("key"), settings.options().get("account")),
        ids(settings.baseUrl()));
  }

  /** Who has them and the key can trade, so the answer must not show them either. */
  private static List<Secret> ids(URI url) {
    return Stream.of(url.getPath().split("/", -1))
        .filter(part -> part.length() > 3 && !part.equals("send"))
        .map(Secret::of)
        .toList();
  }

  @Override
  public String shown(URI baseUrl) {
    return baseUrl.getScheme() + "://" + baseUrl.getAuthority() + "/***";
  }
}
