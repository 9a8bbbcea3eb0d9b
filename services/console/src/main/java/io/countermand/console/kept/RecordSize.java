package io.countermand.console.kept;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** How much heap a record takes, roughly: enough to hold a store to a bound. */
final class RecordSize {

  private static final int FIELD = 16;

  private RecordSize() {}

  static int of(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case CharSequence text -> 48 + text.length() * 2;
      case ByteBuffer bytes -> 48 + bytes.remaining();
      case Map<?, ?> map -> of(map.keySet()) + of(map.values());
      case Collection<?> list -> FIELD + list.stream().mapToInt(RecordSize::of).sum();
      case IndexedRecord record -> {
        int sum = FIELD;
        for (int i = 0; i < record.getSchema().getFields().size(); i++) {
          sum += FIELD + of(record.get(i));
        }
        yield sum;
      }
      default -> FIELD;
    };
  }
}
