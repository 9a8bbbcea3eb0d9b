package io.countermand.client;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a topic was read, by partition: the offset that comes next. Store it with what was made
 * of the events, in one transaction, and go on there after a crash: then nothing is missed and
 * nothing counted twice. {@link #toString} and {@link #parse} are the form to store. Immutable.
 */
public record Positions(Map<Integer, Long> next) {

  public Positions {
    next = Map.copyOf(next);
  }

  /**
   * @param text as {@code 0:17,1:0}; empty: nothing was read
   * @throws IllegalArgumentException for any other text
   */
  public static Positions parse(String text) {
    Map<Integer, Long> next = new TreeMap<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        int colon = part.indexOf(':');
        if (colon < 1 || !part.matches("[0-9]{1,9}:[0-9]{1,18}")) {
          throw new IllegalArgumentException("no positions, as 0:17,1:0: '" + text + "'");
        }
        next.put(
            Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
      }
    }
    return new Positions(next);
  }

  /**
   * Whether all before {@code end} was read, in each partition of it; a partition that is lacking
   * here was not read.
   */
  public boolean reach(Positions end) {
    return end.next().entrySet().stream()
        .allMatch(each -> next.getOrDefault(each.getKey(), 0L) >= each.getValue());
  }

  @Override
  public String toString() {
    return new TreeMap<>(next)
        .entrySet().stream()
            .map(each -> each.getKey() + ":" + each.getValue())
            .collect(Collectors.joining(","));
  }
}
