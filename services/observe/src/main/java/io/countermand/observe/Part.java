package io.countermand.observe;

/**
 * A role in this process.
 *
 * @param venue the instance that it serves; empty: none in particular
 */
public record Part(String role, String venue) implements Comparable<Part> {

  /** From {@code desk} or {@code feed VENUE}. */
  public static Part of(String name) {
    String[] words = name.split(" ", 2);
    return new Part(words[0], words.length == 1 ? "" : words[1]);
  }

  @Override
  public int compareTo(Part other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return venue.isEmpty() ? role : role + " " + venue;
  }
}
