package io.countermand.console.access;

/**
 * Somebody's being signed in. The id itself is kept in the browser alone.
 *
 * @param hash of the password that he had: with another one it is over
 * @param csrf what each form of its pages carries
 * @param begun nanoseconds, as {@code used}
 */
record Session(String name, String hash, String csrf, long begun, long used) {

  Session usedAt(long now) {
    return new Session(name, hash, csrf, begun, now);
  }

  @Override
  public String toString() {
    return "Session[" + name + "]";
  }
}
