package io.countermand.app.docs;

import io.countermand.app.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/reference/configuration.md}: every key with default and meaning, out of the sample
 * that {@code countermand config sample} prints; a test holds that to the code.
 */
final class ConfigurationReference {

  private static final Pattern KEY = Pattern.compile("^( *)(# )?([a-z][a-z-]*):(?: (.*))?$");

  private static final String HEAD =
      """
      # Configuration

      For who runs a role: every key. After it you can write a configuration file, or set a key by its variable.
      Generated from the sample, which `countermand config sample` prints; `ReferencesTest` holds it to that.

      """;

  private final StringBuilder out = new StringBuilder(HEAD);
  private final List<String> path = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private boolean headed;

  private ConfigurationReference() {}

  static String text() {
    var reference = new ConfigurationReference();
    Config.sample().lines().forEach(reference::line);
    return reference.out.toString();
  }

  private void line(String line) {
    Matcher key = KEY.matcher(line);
    if (line.isBlank()) {
      preface();
    } else if (key.matches() && (key.group(2) == null || !key.group(4).contains(" "))) {
      int depth = key.group(1).length() / 2;
      while (path.size() > depth) {
        path.removeLast();
      }
      path.add(key.group(3));
      if (depth == 0) {
        out.append("%n## %s%n".formatted(key.group(3)));
        headed = false;
      }
      row(key.group(4), key.group(2) != null);
    } else if (line.strip().startsWith("#")) {
      words.add(line.strip().substring(1).strip());
    }
  }

  /** What stands alone at the beginning is about the file as a whole. */
  private void preface() {
    if (path.isEmpty() && !words.isEmpty()) {
      words.forEach(
          word -> out.append(word.startsWith("- ") ? "" : "  ").append(word).append('\n'));
      words.clear();
    }
  }

  private void row(String value, boolean unset) {
    String name = String.join(".", path);
    if (value == null) {
      if (!words.isEmpty()) {
        out.append("%n%s%n".formatted((path.size() > 1 ? "`" + name + "`: " : "") + told()));
        headed = false;
      }
      return;
    }
    if (!headed) {
      out.append("\n| key | default | variable | meaning |\n|---|---|---|---|\n");
      headed = true;
    }
    String variable =
        "COUNTERMAND_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    out.append(
        "| `%s` | %s | `%s` | %s |%n"
            .formatted(name, unset ? "not set" : "`" + value + "`", variable, told()));
  }

  private String told() {
    String all = String.join(" ", words).replace("|", "\\|");
    words.clear();
    return all;
  }
}
