package io.countermand.app.config;

import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names that people chose under {@code venues} or {@code simulator.venues}. */
final class VenueNames {

  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9-]{1,100}");

  private VenueNames() {}

  /** Also those that only a variable like COUNTERMAND_VENUES_NAME_ADAPTER has. */
  static SortedSet<String> read(ConfigSection section) {
    ConfigLayers layers = section.layers();
    SortedSet<String> names = new TreeSet<>();
    layers
        .names(section.prefix())
        .forEach(
            (name, where) -> {
              if (ALLOWED.matcher(name).matches()) {
                names.add(name);
              } else {
                section.problem(
                    name,
                    "no name for a venue",
                    "allowed: 1 to 100 of lower-case letters, digits and '-'");
                layers.ignore(section.key(name));
              }
            });
    Set<String> parts = new TreeSet<>(layers.variableParts(section.prefix(), "adapter"));
    names.forEach(name -> parts.remove(EnvNames.part(name)));
    for (String part : parts) {
      names.add(part.toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    layers.asked().add(section.prefix() + ".*.adapter");
    return names;
  }
}
