package io.countermand.console.access;

/**
 * Somebody's being signed in. The id itself is kept in the browser alone.
 *
 * @param user as he was then: with another password it is over
 * @param csrf what each form of its pages carries
 * @param begun nanoseconds, as {@code used}
 */
record Session(ConsoleUser user, String csrf, long begun, long used) {

  Session usedAt(long now) {
    return new Session(user, csrf, begun, now);
  }

  @Override
  public String toString() {
    return "Session[" + user.name() + "]";
  }
}
