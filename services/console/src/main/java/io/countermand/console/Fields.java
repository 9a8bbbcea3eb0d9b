package io.countermand.console;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** What a record says, field by field, by the names of its schema; what is null is left out. */
public final class Fields {

  private Fields() {}

  /** A name and what it holds, as text. */
  public record Field(String name, String value) {}

  /**
   * @param without names that are shown elsewhere
   */
  static List<Field> of(IndexedRecord record, Set<String> without) {
    List<Field> fields = new ArrayList<>();
    add(fields, "", record, without);
    return fields;
  }

  private static void add(
      List<Field> fields, String prefix, IndexedRecord record, Set<String> without) {
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      String name = prefix + field.name();
      if (value == null || without.contains(name)) {
        continue;
      }
      if (value instanceof io.countermand.events.Evidence place) {
        fields.add(new Field(name, place(place)));
      } else if (value instanceof IndexedRecord inner) {
        add(fields, name + ".", inner, without);
      } else if (value instanceof Collection<?> list) {
        if (!list.isEmpty()) {
          fields.add(
              new Field(name, list.stream().map(Fields::text).collect(Collectors.joining("\n"))));
        }
      } else {
        fields.add(new Field(name, text(value)));
      }
    }
  }

  static String place(io.countermand.events.Evidence place) {
    return place.getTopic() + "-" + place.getPartition() + "@" + place.getOffset();
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Instant time -> DisplayText.time(time) + " UTC";
      case ByteBuffer bytes -> bytes.remaining() + " bytes";
      case io.countermand.events.Evidence place -> place(place);
      default -> DisplayText.text(value);
    };
  }
}
