package io.countermand.app.cancel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.app.cli.TimeArguments;
import io.countermand.events.OrderKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cancels in a file: CSV with a header line (RFC 4180: quotes where a value has a comma, no line
 * breaks in values), or one JSON object a line. Names are those of the intent. All problems are
 * found before anything is sent. A quote that is not closed is the whole file's: no row is left.
 */
final class BulkInput {

  static final Set<String> NAMES =
      Set.of(
          "venue",
          "account",
          "orderId",
          "orderName",
          "strategyId",
          "clOrdId",
          "cancelId",
          "within",
          "reason",
          "override",
          "isAutomated",
          "priority");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // else a second order was passed over
          .build();

  private final Map<String, String> defaults;
  private final List<BulkRow> rows = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** By the order's key. */
  private final Map<String, BulkRow> firsts = new HashMap<>();

  /** Where its value ends nobody knows, so no line of the file is certain to be a row. */
  private static final class OpenQuote extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    OpenQuote() {
      super("a quote is not closed: a value may have no line break, and no row is certain then");
    }
  }

  /**
   * @param defaults by name, for what a row does not say
   */
  BulkInput(Map<String, String> defaults) {
    this.defaults = Map.copyOf(defaults);
  }

  List<BulkRow> rows() {
    return rows;
  }

  /** Each with its line. */
  List<String> problems() {
    return problems;
  }

  /** JSON lines if the first that is not empty begins with a brace, else CSV. */
  BulkInput read(List<String> lines) {
    boolean json =
        lines.stream()
            .filter(line -> !line.isBlank())
            .findFirst()
            .map(BulkInput::unmarked)
            .orElse("")
            .strip()
            .startsWith("{");
    List<String> names = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = i == 0 ? unmarked(lines.get(i)) : lines.get(i);
      if (line.isBlank()) {
        continue;
      }
      try {
        if (json) {
          row(i + 1, object(line));
        } else if (names == null) {
          names = header(line);
        } else {
          row(i + 1, values(names, csv(line)));
        }
      } catch (OpenQuote e) { // the lines after it may be the value's, whatever they look like
        rows.clear();
        problems.clear();
        problems.add("line " + (i + 1) + ": " + e.getMessage());
        break;
      } catch (IllegalArgumentException e) {
        problems.add("line " + (i + 1) + ": " + e.getMessage());
        if (!json && names == null) {
          break;
        }
      }
    }
    return this;
  }

  /** Without the byte order mark, which spreadsheets write first. */
  private static String unmarked(String line) {
    return line.startsWith("\uFEFF") ? line.substring(1) : line;
  }

  private static List<String> header(String line) {
    List<String> names = csv(line);
    if (Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException("a column stands there twice");
    }
    names.stream()
        .filter(name -> !NAMES.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "no column '"
                      + name
                      + "'; there are "
                      + String.join(", ", NAMES.stream().sorted().toList()));
            });
    return names;
  }

  private static Map<String, String> values(List<String> names, List<String> values) {
    if (values.size() != names.size()) {
      throw new IllegalArgumentException(
          values.size() + " values, and the header has " + names.size());
    }
    Map<String, String> row = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (!values.get(i).isEmpty()) {
        row.put(names.get(i), values.get(i));
      }
    }
    return row;
  }

  private static Map<String, String> object(String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("no JSON object");
    }
    Map<String, String> row = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      if (!NAMES.contains(each.getKey())) {
        throw new IllegalArgumentException("no field '" + each.getKey() + "'");
      }
      if (each.getKey().equals("orderId") && each.getValue().isNumber()) {
        throw new IllegalArgumentException("orderId must be text: beyond 2^53 numbers lose digits");
      }
      if (!each.getValue().isNull()) {
        row.put(each.getKey(), each.getValue().asText());
      }
    }
    return row;
  }

  private void row(int line, Map<String, String> given) {
    Map<String, String> row = new TreeMap<>(defaults);
    row.putAll(given);
    String name = row.get("orderName");
    String strategy = row.get("strategyId");
    var order =
        new OrderKey(
            row.getOrDefault("venue", ""),
            row.getOrDefault("account", ""),
            row.getOrDefault("orderId", name == null ? "" : name),
            name,
            strategy);
    var read =
        new BulkRow(
            line,
            order,
            row.get("cancelId"),
            strategy,
            row.get("clOrdId"),
            new BulkRow.Options(
                within(row.getOrDefault("within", "30s")),
                row.get("reason"),
                flag("override", row.get("override")),
                flag("isAutomated", row.get("isAutomated")),
                row.containsKey("priority") ? number("priority", row.get("priority")) : null));
    BulkRow first = firsts.putIfAbsent(order.key(), read);
    if (first != null && !read.same(first)) {
      throw new IllegalArgumentException(
          "line %d is of the same order and says something else; one order is cancelled once"
              .formatted(first.line()));
    }
    rows.add(read);
  }

  /** A bare number is of seconds, as the door takes it. */
  private static Duration within(String text) {
    String time = text.matches("[0-9]+") ? number("within", text) + "s" : text;
    return TimeArguments.duration("within", time, Duration.ofSeconds(1));
  }

  private static int number(String name, @Nullable String text) {
    if (text == null || !text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          name + " must be a whole number above 0, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static boolean flag(String name, @Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw new IllegalArgumentException(name + " must be true or false, not '" + text + "'");
  }

  /**
   * A quote is one only around a whole value; elsewhere an id would silently lose it. Blanks in
   * quotes are the value's, which would be another order without them; others are none's.
   */
  static List<String> csv(String line) {
    List<String> values = new ArrayList<>();
    var value = new StringBuilder();
    boolean quoted = false;
    boolean over = false; // the value's quote was closed
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        boolean twice = c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (c != '"' || twice) {
          value.append(c);
          i += twice ? 1 : 0;
        } else {
          quoted = false;
          over = true;
        }
      } else if (c == ',') {
        values.add(over ? value.toString() : value.toString().strip());
        value.setLength(0);
        over = false;
      } else if (c == '"' && value.toString().isBlank() && !over) {
        quoted = true;
        value.setLength(0);
      } else if (c == '"' || (over && !Character.isWhitespace(c))) {
        throw new IllegalArgumentException(
            "a quote stands within a value: put quotes around all of it, and write it as two");
      } else if (!over) {
        value.append(c);
      }
    }
    if (quoted) {
      throw new OpenQuote();
    }
    values.add(over ? value.toString() : value.toString().strip());
    return values;
  }
}
