package io.countermand.app.docs;

import io.countermand.platform.Catalogue;
import io.countermand.platform.TopicSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs/reference/events.md}: every topic's record, field by field, out of the Avro schemas.
 */
final class EventsReference {

  private static final String HEAD =
      """
      # Events

      For who writes or reads our topics: every record and field. After it you can write a producer or a consumer.
      Generated from the Avro schemas; `ReferencesTest` holds it to them. Keys and pitfalls: [clients.md](../clients.md).

      """;

  private final StringBuilder out = new StringBuilder(HEAD);
  private final Deque<Schema> waiting = new ArrayDeque<>();
  private final Set<String> seen = new LinkedHashSet<>();

  private EventsReference() {}

  static String text() {
    return new EventsReference().write();
  }

  private String write() {
    List<TopicSpec> topics = Catalogue.of(Catalogue.PARTITIONS, (short) 1).topics();
    out.append("| topic | record | cleanup |\n|---|---|---|\n");
    for (TopicSpec topic : topics) {
      Schema schema = SpecificData.get().getSchema(topic.valueType());
      String cleanup = topic.config().getOrDefault("cleanup.policy", "delete");
      out.append("| `%s` | %s | %s |%n".formatted(topic.name(), link(schema), cleanup));
    }
    while (!waiting.isEmpty()) {
      section(waiting.poll());
    }
    return out.toString();
  }

  private void section(Schema schema) {
    out.append("%n## %s%n%n%s%n".formatted(schema.getName(), inLine(schema.getDoc())));
    if (schema.getType() == Schema.Type.ENUM) {
      out.append(
          schema.getEnumSymbols().stream()
              .map(symbol -> "`" + symbol + "`")
              .collect(Collectors.joining(", ", "\n", "\n")));
      return;
    }
    out.append("\n| field | type | default | meaning |\n|---|---|---|---|\n");
    for (Schema.Field field : schema.getFields()) {
      out.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(field.name(), type(field.schema()), preset(field), inLine(field.doc())));
    }
  }

  private String type(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> schema.getTypes().stream().map(this::type).collect(Collectors.joining(" or "));
      case ARRAY -> "list of " + type(schema.getElementType());
      case MAP -> "map to " + type(schema.getValueType());
      case RECORD, ENUM -> link(schema);
      default -> {
        String name = schema.getType().getName().toLowerCase(Locale.ROOT);
        yield schema.getLogicalType() == null
            ? name
            : name + " (" + schema.getLogicalType().getName() + ")";
      }
    };
  }

  private String link(Schema schema) {
    if (seen.add(schema.getFullName())) {
      waiting.add(schema);
    }
    return "[%s](#%s)".formatted(schema.getName(), schema.getName().toLowerCase(Locale.ROOT));
  }

  private static String preset(Schema.Field field) {
    return field.hasDefaultValue() ? "`" + shown(field) + "`" : "must be given";
  }

  private static String shown(Schema.Field field) {
    Object value = field.defaultVal();
    return value == JsonProperties.NULL_VALUE ? "null" : String.valueOf(value);
  }

  private static String inLine(@Nullable String doc) {
    return doc == null ? "" : doc.replaceAll("\\s+", " ").replace("|", "\\|").strip();
  }
}
