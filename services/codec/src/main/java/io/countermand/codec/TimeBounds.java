package io.countermand.codec;

import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Whether the times of a record can be reckoned with. Avro's microseconds reach to the year 294247,
 * and a time near that end plus a deadline's grace can neither be compared nor written; nor can
 * more than 292 years be told in nanoseconds. Of what desk and ledger write to each other; intents
 * and order events have checks of their own.
 */
public final class TimeBounds {

  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  private TimeBounds() {}

  /**
   * @throws IllegalArgumentException naming the first field whose time nobody can mean
   */
  public static <T extends SpecificRecord> T possible(T record) {
    String field = impossible(record);
    if (field != null) {
      throw new IllegalArgumentException("field " + field + " is no time that can be");
    }
    return record;
  }

  private static @Nullable String impossible(SpecificRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      String found = impossible(field.name(), record.get(field.pos()));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String impossible(String name, @Nullable Object value) {
    return switch (value) {
      case Instant time -> time.isBefore(FIRST) || time.isAfter(LAST) ? name : null;
      case SpecificRecord inner -> impossible(inner);
      case Iterable<?> items -> first(name, items);
      case Map<?, ?> map -> first(name, map.values());
      case null, default -> null;
    };
  }

  private static @Nullable String first(String name, Iterable<?> items) {
    for (Object item : items) {
      String found = impossible(name, item);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
