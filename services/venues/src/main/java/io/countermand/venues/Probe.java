package io.countermand.venues;

import org.jspecify.annotations.Nullable;

/**
 * What {@link VenueAdapter#probe} found.
 *
 * @param authorised null: cannot be told without touching an order
 * @param detail one line without secrets: what answered, or what to mend
 */
public record Probe(boolean reachable, @Nullable Boolean authorised, String detail) {

  /** Nothing speaks against calling this venue. */
  public boolean ok() {
    return reachable && !Boolean.FALSE.equals(authorised);
  }
}
