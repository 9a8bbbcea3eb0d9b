package io.countermand.console.kept;

import io.countermand.console.kept.CompactedTopic.Entry;
import io.countermand.events.serde.Decoded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys whose newest record cannot be read: what stands there now, that record alone knows. Not
 * thread-safe.
 */
final class Unreadable {

  private static final int MOST = 100;
  private static final int LONGEST_NAME = 300;

  private final Map<String, String> places = new LinkedHashMap<>();

  /** What is not named any more, since there were too many at once. */
  private boolean more;

  /** Whether the record says nothing that can be used. */
  boolean take(Entry<?> entry) {
    String name = name(entry.key());
    places.remove(name);
    if (!(entry.value() instanceof Decoded.Poison<?>(Decoded.Kind kind, String text))) {
      return false;
    }
    if (kind != Decoded.Kind.NULL_VALUE) { // nobody of us writes that; it says nothing
      places.put(
          name,
          entry.topic()
              + "-"
              + entry.partition()
              + "@"
              + entry.offset()
              + " cannot be read: "
              + kind
              + ", "
              + text);
      if (places.size() > MOST) {
        places.remove(places.keySet().iterator().next());
        more = true;
      }
    }
    return true;
  }

  /** A key of megabytes is not kept for its own sake. */
  private static String name(String key) {
    return key.length() <= LONGEST_NAME
        ? key
        : key.substring(0, LONGEST_NAME) + ' ' + key.length() + ' ' + key.hashCode();
  }

  /** Where, and why; each in words. */
  List<String> texts() {
    if (!more) {
      return List.copyOf(places.values());
    }
    var texts = new java.util.ArrayList<>(places.values());
    texts.add("others before them could not be read, either");
    return List.copyOf(texts);
  }
}
