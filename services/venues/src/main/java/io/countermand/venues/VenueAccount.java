package io.countermand.venues;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One account of a credential, under every name by which it can be meant: what the venue calls it,
 * its number there, what the configuration calls it. All of them are this one account. Immutable.
 *
 * @param name what the venue calls it
 * @param others further names, none twice, without {@code name}
 * @param keyed the one of these by which order keys name it: the adapter's order events do
 */
public record VenueAccount(String name, List<String> others, String keyed) {

  public VenueAccount {
    Set<String> further = new LinkedHashSet<>(others);
    further.remove(name);
    others = List.copyOf(further);
  }

  /** Order keys name it as the venue does. */
  public static VenueAccount of(String name, String... others) {
    return new VenueAccount(name, List.of(others), name);
  }

  /** The same, but order keys name it by that one of its names. */
  public VenueAccount keyedAs(String other) {
    return new VenueAccount(name, others, other);
  }

  /** Whether {@code given} means this account; case is no difference. */
  public boolean isCalled(String given) {
    String key = key(given);
    return key(name).equals(key) || others.stream().anyMatch(other -> key(other).equals(key));
  }

  /** Whether order keys name it so; case is no difference. */
  public boolean isKeyed(String given) {
    return key(keyed).equals(key(given));
  }

  /** What two ways to write one name have in common. */
  public static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** For people: the name, and the others in brackets. */
  public String shown() {
    return others.isEmpty() ? name : name + " (" + String.join(", ", others) + ")";
  }
}
