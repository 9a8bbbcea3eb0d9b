package io.countermand.app.rights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Who is which role, by the names that the brokers know.
 *
 * @param of each role's; a role may have several, or none
 * @param desks of desks that serve some venues only: by their {@code --venues}
 */
public record Principals(Map<Role, Set<String>> of, Map<Set<String>, Set<String>> desks) {

  private static final String DESKS = "desks";

  /** {@code User:countermand-desk} and so on; no desks by venues. */
  public static Principals defaults() {
    Map<Role, Set<String>> of = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      of.put(role, Set.of("User:" + role.user()));
    }
    return new Principals(of, Map.of());
  }

  /**
   * From a YAML file: for each role one principal or a list; a role that it leaves out has its
   * default, an empty list is nobody. {@code desks} has a key for each list of venues.
   *
   * @throws IllegalArgumentException with all that is wrong with it
   */
  public static Principals read(Path file) {
    Map<Role, Set<String>> of = new EnumMap<>(defaults().of());
    Map<Set<String>, Set<String>> desks = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (var entry : parsed(file).entrySet()) {
      String key = String.valueOf(entry.getKey());
      if (key.equals(DESKS) && entry.getValue() instanceof Map<?, ?> venues) {
        venues.forEach(
            (names, who) ->
                desks.put(venues(String.valueOf(names)), principals(DESKS, who, problems)));
        continue;
      }
      Role role = role(key);
      if (role == null) {
        problems.add("there is no role '" + key + "', only " + roles() + ", " + DESKS);
      } else {
        of.put(role, principals(key, entry.getValue(), problems));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(file + ": " + String.join("; ", problems));
    }
    return new Principals(of, desks);
  }

  /** Null: there is none of that name. */
  public static @Nullable Role role(String label) {
    return Arrays.stream(Role.values())
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElse(null);
  }

  /** All names, for people. */
  public static String roles() {
    return Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", "));
  }

  private static Map<?, ?> parsed(Path file) {
    try {
      var options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      Object root = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
      if (root instanceof Map<?, ?> keys) {
        return keys;
      }
      throw new IllegalArgumentException(
          file + " holds no roles; allowed, one a line: desk: User:NAME");
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e, e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(file + " is not YAML: " + e.getMessage(), e);
    }
  }

  private static Set<String> venues(String names) {
    return Arrays.stream(names.split(",", -1))
        .map(String::strip)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> principals(String key, @Nullable Object value, List<String> problems) {
    List<?> each =
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    Set<String> found = new LinkedHashSet<>();
    for (Object one : each) {
      String text = String.valueOf(one);
      String name = text.substring(text.indexOf(':') + 1);
      if (!text.toLowerCase(Locale.ROOT).startsWith("user:") || name.isBlank()) {
        problems.add(key + ": '" + text + "' is no principal such as User:NAME");
      } else if (name.equals("*") || name.equalsIgnoreCase("ANONYMOUS")) {
        problems.add(key + ": " + text + " is everybody; name who it is");
      } else {
        found.add(text);
      }
    }
    return found;
  }
}
