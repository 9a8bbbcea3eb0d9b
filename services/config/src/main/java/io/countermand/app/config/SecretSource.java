package io.countermand.app.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/** Secrets from variables and files; tells of missing ones without showing what may be one. */
final class SecretSource {

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SHOWN = Pattern.compile("[A-Z][A-Z0-9_]*");
  static final long LARGEST = 64 * 1024;

  private final ConfigSection section;
  private final Map<String, String> environment;

  SecretSource(ConfigSection section, Map<String, String> environment) {
    this.section = section;
    this.environment = environment;
  }

  Optional<String> variable(String key, String name) {
    if (!VARIABLE.matcher(name).matches()) {
      section.problem(
          key,
          "no name of an environment variable (not shown: it may be a secret)",
          "give the name of the variable that holds the secret");
      return Optional.empty();
    }
    section.layers().isSecret(name);
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      section.problem(
          key,
          "the environment variable "
              + (SHOWN.matcher(name).matches() ? name + " " : "that it names ")
              + "is not set",
          "set it to the secret, or name another");
      return Optional.empty();
    }
    return usable(key, value);
  }

  /** The file's only text. */
  Optional<String> file(String key, String name) {
    return text(key, name).flatMap(text -> usable(key, text));
  }

  /** One key of a properties file. */
  Optional<String> property(String key, String name, String property) {
    return text(key, name)
        .flatMap(
            text -> {
              Properties all = new Properties();
              try {
                all.load(new StringReader(text));
              } catch (IOException | IllegalArgumentException e) {
                section.problem(key, "a file that holds no properties", "lines of KEY=SECRET");
                return Optional.empty();
              }
              String secret = all.getProperty(property);
              if (secret == null) {
                section.problem(
                    key, "a file without the key that it names", "a line of KEY=SECRET there");
                return Optional.empty();
              }
              return usable(key, secret);
            });
  }

  private Optional<String> text(String key, String name) {
    Path file;
    try {
      file = Path.of(name);
    } catch (InvalidPathException e) {
      section.problem(key, "no path", "give the path of a file that holds the secret");
      return Optional.empty();
    }
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        section.problem(
            key, shown(file) + " is no small regular file", "give a file that holds the secret");
        return Optional.empty();
      }
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      section.problem(
          key,
          shown(file) + " cannot be read (" + e.getClass().getSimpleName() + ")",
          "let this process read it");
      return Optional.empty();
    }
  }

  /** What a venue can be sent: printable ASCII. */
  Optional<String> usable(String key, String secret) {
    String value = secret.strip();
    if (!printable(value)) {
      section.problem(
          key, "the secret is empty or not printable ASCII (not shown)", "give one line of ASCII");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  static boolean printable(String secret) {
    return !secret.isEmpty() && secret.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  /** A name without an existing directory may be a secret that was put in the wrong place. */
  private static String shown(Path file) {
    Path directory = file.getParent();
    return directory != null && Files.isDirectory(directory)
        ? file.toString()
        : "the file it names";
  }
}
