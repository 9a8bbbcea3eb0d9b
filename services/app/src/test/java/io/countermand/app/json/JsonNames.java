package io.countermand.app.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that {@code docs/reference/json.md} promises, and whether an output keeps to them. */
public final class JsonNames {

  private static final Path PAGE = Path.of("../../docs/reference/json.md");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ROW = Pattern.compile("\\| `([a-z -]+)` \\| (.*) \\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private JsonNames() {}

  /** By command, with those options that change what is printed; a name may end in {@code ?}. */
  public static Map<String, List<String>> documented() {
    return rows("## With `--json`");
  }

  /** Commands that have no such option, each with the reason. */
  static Map<String, String> without() {
    Map<String, String> without = new LinkedHashMap<>();
    section("## Without it")
        .forEach(
            line -> {
              Matcher row = ROW.matcher(line);
              if (row.matches()) {
                without.put(row.group(1), row.group(2));
              }
            });
    return without;
  }

  /**
   * Each line is one object, each name in it is documented, and each that is documented is there;
   * but for those with {@code ?}, and what is inside something that is empty or null in all lines.
   *
   * @param output all of standard output
   */
  public static List<JsonNode> check(String command, String output) {
    List<String> promised = documented().get(command);
    assertThat(promised).as("a row of %s in %s", command, PAGE).isNotNull();
    List<JsonNode> lines = new ArrayList<>();
    var seen = new Seen(promised);
    output
        .lines()
        .forEach(
            line -> {
              JsonNode node = parse(command, line);
              lines.add(node);
              seen.object("", node);
            });
    assertThat(lines).as("lines of %s", command).isNotEmpty();
    Set<String> unknown = new TreeSet<>(seen.names);
    promised.forEach(name -> unknown.remove(bare(name)));
    assertThat(unknown).as("names of `%s --json` that %s does not have", command, PAGE).isEmpty();
    Set<String> missing = new TreeSet<>();
    for (String name : promised) {
      if (!name.endsWith("?") && !seen.names.contains(name) && !seen.insideOfNothing(name)) {
        missing.add(name);
      }
    }
    assertThat(missing).as("names that %s promises of `%s --json`", PAGE, command).isEmpty();
    return lines;
  }

  private static JsonNode parse(String command, String line) {
    try {
      JsonNode node = JSON.readTree(line);
      assertThat(node.isObject()).as("%s says: %s", command, line).isTrue();
      return node;
    } catch (IOException e) {
      throw new AssertionError("`" + command + " --json` says what is no JSON: " + line, e);
    }
  }

  static String bare(String name) {
    return name.replaceFirst("\\?$", "");
  }

  /** Names with the way to them: {@code a[].b} is in each element of {@code a}. */
  private static final class Seen {

    private final Set<String> maps = new HashSet<>();
    private final Set<String> names = new TreeSet<>();
    private final Set<String> nothing = new HashSet<>();
    private final Set<String> something = new HashSet<>();

    Seen(List<String> promised) {
      promised.stream()
          .map(JsonNames::bare)
          .filter(name -> name.endsWith(".*"))
          .forEach(name -> maps.add(name.substring(0, name.length() - 2)));
    }

    void object(String path, JsonNode node) {
      node.properties()
          .forEach(
              each -> {
                String name =
                    maps.contains(path)
                        ? path + ".*"
                        : path.isEmpty() ? each.getKey() : path + "." + each.getKey();
                names.add(name);
                value(name, each.getValue());
              });
    }

    private void value(String path, JsonNode node) {
      boolean empty = node.isNull() || (node.isContainerNode() && node.isEmpty());
      (empty ? nothing : something).add(path);
      if (node.isObject()) {
        object(path, node);
      } else if (node.isArray()) {
        node.forEach(each -> value(path + "[]", each));
      }
    }

    boolean insideOfNothing(String name) {
      return nothing.stream()
          .filter(path -> !something.contains(path))
          .anyMatch(path -> name.startsWith(path + ".") || name.startsWith(path + "[]"));
    }
  }

  private static Map<String, List<String>> rows(String heading) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : section(heading)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> names = new ArrayList<>();
        Matcher name = NAME.matcher(row.group(2));
        while (name.find()) {
          names.add(name.group(1));
        }
        assertThat(rows.put(row.group(1), names)).as("twice: %s", row.group(1)).isNull();
      }
    }
    return rows;
  }

  private static List<String> section(String heading) {
    try {
      List<String> lines = Files.readAllLines(PAGE);
      int from = lines.indexOf(heading);
      assertThat(from).as("%s in %s", heading, PAGE).isNotNegative();
      return lines.subList(from + 1, lines.size()).stream()
          .takeWhile(line -> !line.startsWith("## "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
