package io.countermand.events.serde;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a writer meant by its times. Logical types play no part in Avro's resolution: a long that
 * the writer calls {@code timestamp-millis} is read as our {@code timestamp-micros}, and means
 * 1970. So the unit is taken from the writer's schema, record by record and field by field, and the
 * number made microseconds. A long without a logical type is taken for microseconds. Immutable.
 */
final class WriterTimes {

  private static final Set<String> MILLIS = Set.of("timestamp-millis", "local-timestamp-millis");
  private static final Set<String> NANOS = Set.of("timestamp-nanos", "local-timestamp-nanos");

  /** By record and field: names are unique in a schema, and Avro matches records by them. */
  private final Map<String, Map<String, LongUnaryOperator>> fields;

  private WriterTimes(Map<String, Map<String, LongUnaryOperator>> fields) {
    this.fields = fields;
  }

  /** The times of {@code expected} that {@code writer} gives in another unit. */
  static WriterTimes of(Schema writer, Schema expected) {
    Map<String, Map<String, LongUnaryOperator>> fields = new HashMap<>();
    Map<String, Schema> written = new HashMap<>();
    records(writer, new HashSet<>()).forEach(record -> written.put(record.getFullName(), record));
    for (Schema record : records(expected, new HashSet<>())) {
      Schema of = written.get(record.getFullName());
      for (Schema.Field field : of == null ? Set.<Schema.Field>of() : record.getFields()) {
        Schema.Field told = of == null ? null : of.getField(field.name());
        LongUnaryOperator toMicros = told == null ? null : toMicros(unit(told.schema()));
        if (toMicros != null && "timestamp-micros".equals(unit(field.schema()))) {
          fields
              .computeIfAbsent(record.getFullName(), any -> new HashMap<>())
              .put(field.name(), toMicros);
        }
      }
    }
    return new WriterTimes(fields);
  }

  /** Whether the writer's times are microseconds, all of them. */
  boolean none() {
    return fields.isEmpty();
  }

  /** Makes the times of a record microseconds, and of all records in it. */
  void toMicros(@Nullable Object datum) {
    switch (datum) {
      case GenericRecord record -> {
        Map<String, LongUnaryOperator> times =
            fields.getOrDefault(record.getSchema().getFullName(), Map.of());
        for (Schema.Field field : record.getSchema().getFields()) {
          Object value = record.get(field.pos());
          LongUnaryOperator time = times.get(field.name());
          if (time != null && value instanceof Long number) {
            record.put(field.pos(), time.applyAsLong(number));
          } else {
            toMicros(value);
          }
        }
      }
      case Iterable<?> items -> items.forEach(this::toMicros);
      case Map<?, ?> map -> map.values().forEach(this::toMicros);
      case null, default -> {}
    }
  }

  private static @Nullable LongUnaryOperator toMicros(@Nullable String unit) {
    if (unit != null && MILLIS.contains(unit)) {
      // One past the range stays past any time that can be.
      return millis -> Math.clamp(millis, Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000) * 1000;
    }
    return unit != null && NANOS.contains(unit) ? nanos -> Math.floorDiv(nanos, 1000L) : null;
  }

  /** The logical type of a long, nullable or not; null: none. */
  private static @Nullable String unit(Schema schema) {
    return switch (schema.getType()) {
      case LONG -> schema.getProp("logicalType");
      case UNION ->
          schema.getTypes().stream()
              .filter(branch -> branch.getType() == Schema.Type.LONG)
              .findFirst()
              .map(branch -> branch.getProp("logicalType"))
              .orElse(null);
      default -> null;
    };
  }

  private static Set<Schema> records(Schema schema, Set<Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.add(schema)) {
          schema.getFields().forEach(field -> records(field.schema(), found));
        }
      }
      case UNION -> schema.getTypes().forEach(branch -> records(branch, found));
      case ARRAY -> records(schema.getElementType(), found);
      case MAP -> records(schema.getValueType(), found);
      default -> {}
    }
    return found;
  }
}
