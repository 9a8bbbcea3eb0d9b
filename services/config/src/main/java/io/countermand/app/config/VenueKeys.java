package io.countermand.app.config;

import io.countermand.app.config.Config.Venue;
import io.countermand.app.config.ValueParsers.Pace;
import io.countermand.domain.decision.VenueRules;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The keys under {@code venues}; what is left out comes from the adapter. */
final class VenueKeys {

  /** Added to the time-out of a call: the way of its answer through Kafka. */
  private static final Duration ANSWER_MARGIN = Duration.ofSeconds(3);

  /**
   * No venue says when it closes an idle connection; 30 s is what the JDK's client keeps one for
   * ({@code jdk.httpclient.keepalive.timeout}).
   */
  private static final Duration KEEP_CONNECTION = Duration.ofSeconds(20);

  private static final Duration LEAST = KeyBinder.LEAST;
  private static final Duration HOUR = Duration.ofHours(1);

  private final ConfigSection section;
  private final Map<String, String> environment;
  private final Predicate<String> called;
  private final SortedMap<String, VenueProvider> providers = Venues.providers();

  VenueKeys(ConfigSection root, Map<String, String> environment, Predicate<String> called) {
    this.section = root.in("venues");
    this.environment = environment;
    this.called = called;
  }

  SortedMap<String, Venue> venues() {
    SortedMap<String, Venue> venues = new TreeMap<>();
    for (String name : VenueNames.read(section)) {
      ConfigSection venue = section.in(name);
      Optional<VenueProvider> provider = provider(venue);
      if (provider.isPresent()) {
        venues.put(name, venue(name, venue, provider.get()));
      } else {
        section.layers().ignore(venue.prefix());
      }
    }
    return Collections.unmodifiableSortedMap(venues);
  }

  private Optional<VenueProvider> provider(ConfigSection venue) {
    String allowed = "allowed: one of " + String.join(", ", providers.keySet());
    if (section.layers().find(venue.key("adapter")).isEmpty()) {
      venue.problem("adapter", "missing", allowed);
    }
    return venue.find(
        "adapter",
        allowed,
        text -> {
          VenueProvider provider = providers.get(text);
          if (provider == null) {
            throw new IllegalArgumentException("no such adapter");
          }
          return provider;
        });
  }

  private Venue venue(String name, ConfigSection venue, VenueProvider provider) {
    VenueDefaults defaults = provider.defaults();
    URI baseUrl =
        venue.value(
            "base-url",
            defaults.baseUrl(),
            "allowed: like https://host/path, without user, query or fragment",
            text -> ValueParsers.url(text, List.of("http", "https", "ws", "wss")));
    Duration timeout = venue.duration("timeout", defaults.timeout(), LEAST, HOUR);
    Credentials credentials =
        new CredentialKeys(venue.in("credentials"), environment).read(provider, called.test(name));
    return new Venue(
        name,
        provider.adapter(),
        baseUrl,
        credentials,
        venue
            .find("user", "allowed: 1 to 100 letters, digits, '.', '_', '-'", VenueKeys::user)
            .orElse(null),
        options(venue.in("options"), provider),
        rate(venue, defaults.rate()),
        venue.whole("concurrency", defaults.concurrency(), 1, 10_000),
        timeout,
        venue
            .find(
                "poll-every",
                "allowed: a time from 1s to 1h, such as 20s",
                text -> pollEvery(ValueParsers.duration(text)))
            .orElse(null),
        venue.duration("keep-connection", KEEP_CONNECTION, Duration.ofSeconds(1), HOUR),
        rules(venue, provider, timeout),
        venue.duration("connect-timeout", VenueSettings.CONNECT_TIMEOUT, LEAST, HOUR),
        VenueHttpKeys.read(venue, environment, called.test(name)));
  }

  private static Duration pollEvery(Duration every) {
    if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.compareTo(HOUR) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return every;
  }

  private static String user(String text) {
    if (!text.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException("does not match");
    }
    return text;
  }

  private static Rate rate(ConfigSection venue, Rate fallback) {
    Pace pace =
        venue.value(
            "rate",
            new Pace(fallback.permits(), fallback.period()),
            "allowed: calls per s, m, h or d, such as 3/s or 100/m",
            ValueParsers::pace);
    int most = 1_000_000;
    int burst = venue.whole("burst", (int) Math.min(most, fallback.burst()), 1, most);
    return new Rate(pace.permits(), pace.period(), burst);
  }

  private static VenueRules rules(ConfigSection venue, VenueProvider provider, Duration timeout) {
    VenueRules base = VenueRules.DEFAULT;
    var rules =
        new VenueRules(
            provider.capabilities().canQuery(),
            venue.duration("answer-timeout", timeout.plus(ANSWER_MARGIN), LEAST, HOUR),
            venue.duration("confirm-within", provider.defaults().confirmation(), LEAST, HOUR),
            venue.duration("query-every", base.queryEvery(), LEAST, HOUR),
            venue.whole("cancel-tries", base.cancelTries(), 1, 1000),
            venue.whole("status-tries", base.statusTries(), 0, 1000),
            venue.whole("most-asks", base.mostAsks(), 1, 10_000),
            venue.duration("first-backoff", base.firstBackoff(), LEAST, HOUR),
            venue.duration("longest-backoff", base.longestBackoff(), LEAST, HOUR));
    if (rules.answerTimeout().compareTo(timeout) <= 0) {
      venue.problem(
          "answer-timeout",
          "not longer than a call may take",
          "allowed: more than the timeout, " + ValueParsers.show(timeout));
    }
    if (rules.longestBackoff().compareTo(rules.firstBackoff()) < 0) {
      venue.problem(
          "longest-backoff",
          "shorter than the first backoff",
          "allowed: at least " + ValueParsers.show(rules.firstBackoff()));
    }
    if (rules.mostAsks() < rules.cancelTries()) {
      venue.problem(
          "most-asks", "fewer than cancel-tries", "allowed: at least " + rules.cancelTries());
    }
    return rules;
  }

  /** The adapter itself checks the values, when it is made. */
  private static Map<String, String> options(ConfigSection section, VenueProvider provider) {
    ConfigLayers layers = section.layers();
    layers.mayHoldAny(section.prefix());
    List<String> known = provider.options().stream().map(VenueOption::key).toList();
    for (String name : layers.names(section.prefix()).keySet()) {
      if (!known.contains(name)) {
        section.problem(
            name,
            "no such option",
            provider.adapter() + " has " + (known.isEmpty() ? "none" : String.join(", ", known)));
        layers.ignore(section.key(name));
      }
    }
    Map<String, String> options = new TreeMap<>();
    for (VenueOption option : provider.options()) {
      section
          .find(option.key(), "allowed: " + option.allowed(), text -> text)
          .or(() -> Optional.ofNullable(option.fallback()))
          .ifPresent(value -> options.put(option.key(), value));
    }
    return Collections.unmodifiableMap(options);
  }
}
