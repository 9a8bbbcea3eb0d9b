package io.countermand.observe;

/**
 * A role in this process.
 *
 * @param venue the instance that it serves; empty: none in particular
 */
public record RoleInstance(String role, String venue) implements Comparable<RoleInstance> {

  /** From {@code desk} or {@code feed VENUE}. */
  public static RoleInstance of(String name) {
    String[] words = name.split(" ", 2);
    return new RoleInstance(words[0], words.length == 1 ? "" : words[1]);
  }

  @Override
  public int compareTo(RoleInstance other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return venue.isEmpty() ? role : role + " " + venue;
  }
}
