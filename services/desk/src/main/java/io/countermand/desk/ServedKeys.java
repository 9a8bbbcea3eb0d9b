package io.countermand.desk;

import io.countermand.domain.order.OrderRef;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose records a desk reads, told by the key's bytes alone: another venue's need not be readable
 * here. Immutable.
 */
final class ServedKeys {

  private final List<byte[]> beginnings;

  /**
   * @param venues empty: all keys, and records without one
   */
  ServedKeys(Set<String> venues) {
    this.beginnings =
        venues.stream()
            .map(venue -> (OrderRef.encode(venue) + '/').getBytes(StandardCharsets.UTF_8))
            .toList();
  }

  boolean include(byte @Nullable [] key) {
    if (beginnings.isEmpty()) {
      return true;
    }
    for (byte[] beginning : beginnings) {
      if (key != null
          && key.length > beginning.length
          && Arrays.equals(key, 0, beginning.length, beginning, 0, beginning.length)) {
        return true;
      }
    }
    return false;
  }
}
