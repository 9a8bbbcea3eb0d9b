package io.countermand.venues;

import org.jspecify.annotations.Nullable;

/**
 * What {@link VenueAdapter#probe} found.
 *
 * @param reachable whether anything answered
 * @param authorised null: cannot be told without touching an order
 * @param serves whether what answered is the venue at work, not a gateway's error page
 * @param detail one line without secrets: what answered, or what to mend
 */
public record Probe(
    boolean reachable, @Nullable Boolean authorised, boolean serves, String detail) {

  /** What answers, serves. */
  public Probe(boolean reachable, @Nullable Boolean authorised, String detail) {
    this(reachable, authorised, reachable, detail);
  }

  /** Nothing speaks against calling this venue. */
  public boolean ok() {
    return reachable && !Boolean.FALSE.equals(authorised);
  }
}
