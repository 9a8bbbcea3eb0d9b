package io.countermand.app.config;

import io.countermand.app.config.ConfigValue.Layer;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueProvider;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One venue's {@code credentials}: each names where its secret is. A variable or argument with the
 * credential's own key is the secret itself; in the file that is a mistake.
 */
final class CredentialKeys {

  private static final String INSTEAD = "name its place instead, {env: VARIABLE} or {file: PATH}";

  private final ConfigSection section;
  private final SecretSource secrets;

  CredentialKeys(ConfigSection section, Map<String, String> environment) {
    this.section = section;
    this.secrets = new SecretSource(section, environment);
  }

  /**
   * @param needed whether to look the secrets up; otherwise only what is written is checked
   */
  Credentials read(VenueProvider provider, boolean needed) {
    List<String> known =
        provider.credentials().stream().flatMap(Collection::stream).distinct().toList();
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, Path> files = new LinkedHashMap<>();
    Set<String> given = new TreeSet<>();
    int before = section.problems().size();
    for (String name : known) {
      Optional<Place> place = place(name);
      if (place.isPresent()) {
        given.add(name);
        if (needed) {
          secret(name, place.get())
              .ifPresent(
                  secret -> {
                    values.put(name, secret);
                    if (place.get().form() == Form.FILE) {
                      files.put(name, Path.of(place.get().given().text().strip()));
                    }
                  });
        }
      }
    }
    boolean enough = provider.credentials().stream().anyMatch(given::containsAll);
    if (needed && !enough && section.problems().size() == before) {
      section
          .problems()
          .add(
              new ConfigProblem(
                  section.prefix(),
                  given.isEmpty() ? "missing" : "only " + String.join(", ", given),
                  "needed: " + wanted(provider.credentials()) + ", each with env or file",
                  section.layers().where(section.prefix())));
    }
    Credentials read = Credentials.of(values);
    return files.isEmpty() ? read : read.readBy(new CredentialFiles(values, files));
  }

  /** How a secret is named. */
  private enum Form {
    ITSELF,
    ENV,
    FILE
  }

  private record Place(Form form, ConfigValue given) {}

  private Optional<Place> place(String name) {
    List<Place> all =
        Stream.of(
                find(Form.ITSELF, name),
                find(Form.ENV, name + ".env"),
                find(Form.FILE, name + ".file"))
            .flatMap(Optional::stream)
            .toList();
    Optional<Layer> layer =
        all.stream().map(each -> each.given().layer()).max(Comparator.naturalOrder());
    List<Place> inForce =
        all.stream().filter(each -> layer.equals(Optional.of(each.given().layer()))).toList();
    if (inForce.size() > 1) {
      section.problem(name, "named in more than one way", "give one of env and file");
    }
    return inForce.stream().findFirst();
  }

  private Optional<Place> find(Form form, String name) {
    return section.layers().find(section.key(name)).map(given -> new Place(form, given));
  }

  private Optional<String> secret(String name, Place place) {
    if (place.given().list()) {
      section.problem(name, "found a list", INSTEAD);
      return Optional.empty();
    }
    String text = place.given().text().strip();
    return switch (place.form()) {
      case ITSELF -> itself(name, place.given());
      case ENV -> secrets.variable(name + ".env", text);
      case FILE -> secrets.file(name + ".file", text);
    };
  }

  private Optional<String> itself(String name, ConfigValue given) {
    if (given.layer() == Layer.FILE) {
      section.problem(name, "a secret stands in the file (not shown)", INSTEAD);
      return Optional.empty();
    }
    return secrets.usable(name, given.text());
  }

  private static String wanted(List<List<String>> sets) {
    return sets.stream().map(set -> String.join(" and ", set)).collect(Collectors.joining("; or "));
  }
}
