package io.countermand.app.config;

import io.countermand.app.config.ConfigValue.Layer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * File, environment and command line, the later ones winning. Remembers what was asked for: what
 * was given and never asked for is unknown.
 */
final class ConfigLayers {

  private final YamlFile file;
  private final Map<String, String> environment;
  private final Map<String, String> commandLine;
  private final List<ConfigProblem> problems;
  private final SortedSet<String> asked = new TreeSet<>();
  private final Set<String> used = new HashSet<>();
  private final Map<String, String> variables = new HashMap<>();

  ConfigLayers(
      YamlFile file,
      Map<String, String> environment,
      Map<String, String> commandLine,
      List<ConfigProblem> problems) {
    this.file = file;
    this.environment = new TreeMap<>(environment);
    this.environment.entrySet().removeIf(each -> !EnvNames.isKey(each.getKey(), each.getValue()));
    this.commandLine = new TreeMap<>(commandLine);
    this.problems = problems;
  }

  /** What is in force for a key. */
  Optional<ConfigValue> find(String key) {
    asked.add(key);
    return Optional.ofNullable(take(key, EnvNames.of(key)));
  }

  private @Nullable ConfigValue take(String key, String variable) {
    used.add(key);
    ConfigValue found = look(key, variable);
    if (environment.containsKey(variable)) {
      String other = variables.putIfAbsent(variable, key);
      if (other != null && !other.equals(key)) {
        problems.add(
            new ConfigProblem(
                key,
                "the variable also means " + other,
                "set both in the file instead",
                "environment " + variable));
      }
    }
    return found;
  }

  private @Nullable ConfigValue look(String key, String variable) {
    String argument = commandLine.get(key);
    if (argument != null) {
      return new ConfigValue(Layer.COMMAND_LINE, argument, false, "command line");
    }
    String value = environment.get(variable);
    return value == null
        ? file.values().get(key)
        : new ConfigValue(Layer.ENVIRONMENT, value, false, "environment " + variable);
  }

  /**
   * The keys under a section that may hold any, without the section's name.
   *
   * @param name makes a key of a variable's remainder, for keys that neither file nor command line
   *     has
   */
  SortedMap<String, ConfigValue> any(String section, UnaryOperator<String> name) {
    mayHoldAny(section);
    SortedSet<String> keys = new TreeSet<>();
    String prefix = section + ".";
    for (String key : given()) {
      if (key.startsWith(prefix)) {
        keys.add(key.substring(prefix.length()));
      }
    }
    String variables = EnvNames.of(section) + "_";
    for (String variable : environment.keySet()) {
      if (variable.startsWith(variables)) {
        String rest = variable.substring(variables.length());
        if (keys.stream().noneMatch(key -> EnvNames.part(key).equals(rest))) {
          keys.add(name.apply(rest));
        }
      }
    }
    SortedMap<String, ConfigValue> values = new TreeMap<>();
    for (String key : keys) {
      ConfigValue value = take(prefix + key, variables + EnvNames.part(key));
      if (value != null) {
        values.put(key, value);
      }
    }
    return values;
  }

  /** People choose the names below this section. */
  void mayHoldAny(String section) {
    asked.add(section + ".*");
  }

  /** Names right below a section, with where they are. */
  SortedMap<String, String> names(String section) {
    SortedMap<String, String> names = new TreeMap<>();
    String prefix = section + ".";
    Set<String> keys = given();
    keys.addAll(file.sections().keySet());
    for (String key : keys) {
      if (key.startsWith(prefix)) {
        String name = key.substring(prefix.length()).split("\\.", -1)[0];
        names.putIfAbsent(name, where(prefix + name));
      }
    }
    return names;
  }

  /** What stands between a section's name and an end in the names of variables. */
  SortedSet<String> variableParts(String section, String end) {
    SortedSet<String> parts = new TreeSet<>();
    String before = EnvNames.of(section) + "_";
    String after = "_" + EnvNames.part(end);
    for (String variable : environment.keySet()) {
      if (variable.length() > before.length() + after.length()
          && variable.startsWith(before)
          && variable.endsWith(after)) {
        parts.add(variable.substring(before.length(), variable.length() - after.length()));
      }
    }
    return parts;
  }

  /** A variable that holds a secret of ours is no key, whatever its name. */
  void isSecret(String variable) {
    environment.remove(variable);
  }

  /** Where a key is in force, or the section that would hold it. */
  String where(String key) {
    ConfigValue value = look(key, EnvNames.of(key));
    if (value != null) {
      return value.where();
    }
    for (String each = key; !each.isEmpty(); each = parent(each)) {
      String section = file.sections().get(each);
      if (section != null) {
        return section;
      }
    }
    return "configuration";
  }

  /** Stops asking about a key and all below it: they count as known. */
  void ignore(String section) {
    used.add(section);
    given().stream().filter(key -> key.startsWith(section + ".")).forEach(used::add);
    environment.keySet().removeIf(each -> each.startsWith(EnvNames.of(section) + "_"));
  }

  /** Tells of everything that was given and that nobody asked for. */
  void rejectUnknown() {
    for (String key : given()) {
      if (!used.contains(key)) {
        problems.add(UnknownKey.key(key, asked, where(key)));
      }
    }
    file.sections()
        .forEach(
            (section, where) -> {
              if (!section.isEmpty() && unknown(section) && holdsNothing(section)) {
                problems.add(UnknownKey.key(section, asked, where));
              }
            });
    for (String variable : environment.keySet()) {
      if (!variables.containsKey(variable)) {
        problems.add(UnknownKey.variable(variable, asked));
      }
    }
  }

  SortedSet<String> asked() {
    return asked;
  }

  private boolean unknown(String section) {
    return asked.stream().noneMatch(key -> key.equals(section) || key.startsWith(section + "."));
  }

  private boolean holdsNothing(String section) {
    return given().stream().noneMatch(key -> key.startsWith(section + "."));
  }

  private Set<String> given() {
    Set<String> keys = new LinkedHashSet<>(file.values().keySet());
    keys.addAll(commandLine.keySet());
    return keys;
  }

  private static String parent(String key) {
    int dot = key.lastIndexOf('.');
    return dot < 0 ? "" : key.substring(0, dot);
  }
}
