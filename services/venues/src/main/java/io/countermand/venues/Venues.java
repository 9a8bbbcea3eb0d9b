package io.countermand.venues;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** The adapters on the class path. */
public final class Venues {

  private Venues() {}

  /**
   * By adapter name, in order.
   *
   * @throws IllegalStateException if two jars bring the same name
   */
  public static SortedMap<String, VenueProvider> providers() {
    SortedMap<String, VenueProvider> providers = new TreeMap<>();
    for (VenueProvider provider : ServiceLoader.load(VenueProvider.class)) {
      VenueProvider other = providers.putIfAbsent(provider.adapter(), provider);
      if (other != null) {
        throw new IllegalStateException(
            "two providers of adapter '%s': %s and %s"
                .formatted(
                    provider.adapter(), other.getClass().getName(), provider.getClass().getName()));
      }
    }
    return providers;
  }

  /**
   * @throws IllegalArgumentException if there is no such adapter or its settings are wrong
   */
  public static VenueProvider provider(String adapter) {
    var providers = providers();
    VenueProvider provider = providers.get(adapter);
    if (provider == null) {
      throw new IllegalArgumentException(
          "no venue adapter '%s'; there are %s".formatted(adapter, providers.keySet()));
    }
    return provider;
  }

  /**
   * @throws IllegalArgumentException naming every setting that is wrong
   */
  public static VenueAdapter create(String adapter, VenueSettings settings) {
    VenueProvider provider = provider(adapter);
    List<String> problems = problems(provider, settings);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "venue '%s': %s".formatted(settings.instance(), String.join("; ", problems)));
    }
    return provider.create(settings);
  }

  /** Everything wrong with the settings that can be said without the adapter's own code. */
  public static List<String> problems(VenueProvider provider, VenueSettings settings) {
    List<String> problems = new ArrayList<>();
    String scheme = String.valueOf(settings.baseUrl().getScheme());
    if (!List.of("http", "https", "ws", "wss").contains(scheme)
        || settings.baseUrl().getHost() == null
        || settings.baseUrl().getUserInfo() != null
        || settings.baseUrl().getQuery() != null
        || settings.baseUrl().getFragment() != null) {
      problems.add("base-url must be like https://host/path, without user, query or fragment");
    }
    credentialProblem(provider, settings.credentials()).ifPresent(problems::add);
    List<String> known = provider.options().stream().map(VenueOption::key).toList();
    for (String key : settings.options().keySet()) {
      if (!known.contains(key)) {
        problems.add("unknown option '%s'; known are %s".formatted(key, known));
      }
    }
    return problems;
  }

  private static Optional<String> credentialProblem(
      VenueProvider provider, Credentials credentials) {
    for (String name : credentials.names()) {
      if (provider.credentials().stream().noneMatch(set -> set.contains(name))) {
        return Optional.of("unknown credential '" + name + "'");
      }
      String value = credentials.get(name).reveal();
      if (value.isEmpty() || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        return Optional.of("credential '" + name + "' must be printable ASCII and not empty");
      }
    }
    boolean enough = provider.credentials().stream().anyMatch(credentials.names()::containsAll);
    return enough
        ? Optional.empty()
        : Optional.of("credentials must be one of " + provider.credentials());
  }
}
