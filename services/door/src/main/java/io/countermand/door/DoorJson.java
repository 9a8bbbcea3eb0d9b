package io.countermand.door;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.events.Evidence;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the door's answers are made of. */
final class DoorJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DoorJson() {}

  static String write(Map<String, @Nullable Object> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Object> place(Evidence e) {
    return List.of(e.getTopic(), e.getPartition(), e.getOffset());
  }

  static @Nullable String text(@Nullable Object value) {
    return Objects.toString(value, null);
  }
}
