package io.countermand.app.config;

import io.countermand.app.config.Config.Venue;
import io.countermand.venues.Credentials;
import io.countermand.venues.limits.Fingerprinted;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whose rate a venue's calls draw on. Instances with equal credentials are one user's. So are those
 * of different kinds of credential at one host, such as CrossTrade's token and webhook key, as long
 * as there is one of each kind; where there are more, the configuration has to say whose is whose.
 */
final class Users {

  private Users() {}

  /** A credential at a venue: the same name and password at another venue is another user's. */
  record Login(String family, Credentials credentials) implements Fingerprinted {

    @Override
    public String fingerprint() {
      return family + ":" + credentials.fingerprint();
    }
  }

  private record Named(String family, String user) {}

  /** The credential; a venue without any has one of its own. */
  static Object credential(Venue venue) {
    return venue.credentials().names().isEmpty()
        ? venue.name()
        : new Login(family(venue), venue.credentials());
  }

  /**
   * @param all those that this process may call, and itself
   * @throws ConfigException if nobody can tell
   */
  static Object user(Venue venue, Collection<Venue> all) {
    if (venue.user() != null) {
      return new Named(family(venue), venue.user());
    }
    if (venue.credentials().names().isEmpty()) {
      return venue.name();
    }
    SortedMap<String, Set<Credentials>> kinds = new TreeMap<>();
    SortedSet<String> names = new TreeSet<>();
    for (Venue peer : all) {
      if (peer.user() == null
          && family(peer).equals(family(venue))
          && host(peer).equals(host(venue))
          && !peer.credentials().names().isEmpty()) {
        names.add(peer.name());
        kinds
            .computeIfAbsent(String.join(",", peer.credentials().names()), any -> new HashSet<>())
            .add(peer.credentials());
      }
    }
    if (kinds.size() == 1) {
      return credential(venue);
    }
    if (kinds.values().stream().anyMatch(each -> each.size() > 1)) {
      throw new ConfigException(
          List.of(
              new ConfigProblem(
                  "venues." + venue.name() + ".user",
                  "missing: whose credential is it, of "
                      + String.join(", ", names)
                      + ", which have several at one host",
                  "give each of them a user: the venue counts the calls of one user together",
                  "configuration")));
    }
    // The first kind's stands for the user, also at other hosts.
    return new Login(family(venue), kinds.sequencedValues().getFirst().iterator().next());
  }

  /** Adapters of one venue are named alike: crosstrade, crosstrade-ws. */
  private static String family(Venue venue) {
    int dash = venue.adapter().indexOf('-');
    return dash < 0 ? venue.adapter() : venue.adapter().substring(0, dash);
  }

  private static String host(Venue venue) {
    URI url = venue.baseUrl();
    return url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
  }
}
