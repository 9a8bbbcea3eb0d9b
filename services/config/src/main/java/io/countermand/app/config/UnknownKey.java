package io.countermand.app.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says what to do about a key that there is not. */
final class UnknownKey {

  private UnknownKey() {}

  static ConfigProblem key(String key, Collection<String> known, String where) {
    List<String> below = below(key, known);
    if (!below.isEmpty()) {
      return new ConfigProblem(
          key, "one value for a section", "its keys are " + String.join(", ", below), where);
    }
    Optional<String> value = known.stream().filter(each -> key.startsWith(each + ".")).findFirst();
    if (value.isPresent()) {
      return new ConfigProblem(
          key, "no such key", value.get() + " takes one value, no keys", where);
    }
    return new ConfigProblem(
        key,
        "no such key",
        NearestName.of(key, known)
            .map(each -> "did you mean " + shown(each) + "?")
            .orElseGet(() -> siblings(key, known)),
        where);
  }

  static ConfigProblem variable(String variable, Collection<String> known) {
    List<String> names = known.stream().map(EnvNames::of).toList();
    return new ConfigProblem(
        "",
        "sets no known key",
        NearestName.of(variable, names)
            .map(each -> "did you mean " + each.replace("_*", "_...") + "?")
            .orElse("only keys of the configuration may have names that begin with COUNTERMAND_"),
        "environment " + variable);
  }

  /** The keys beside it, in the innermost section that there is. */
  private static String siblings(String key, Collection<String> known) {
    String parent = key;
    List<String> names = List.of();
    while (names.isEmpty() && !parent.isEmpty()) {
      parent = parent.substring(0, Math.max(0, parent.lastIndexOf('.')));
      names = below(parent, known);
    }
    String list = String.join(", ", names);
    return parent.isEmpty() ? "there are " + list : parent + " has " + list;
  }

  private static List<String> below(String section, Collection<String> known) {
    String prefix = section.isEmpty() ? "" : section + ".";
    return known.stream()
        .filter(each -> each.startsWith(prefix))
        .map(each -> shown(each.substring(prefix.length()).split("\\.", -1)[0]))
        .distinct()
        .toList();
  }

  private static String shown(String key) {
    return key.replace("*", "<name>");
  }
}
