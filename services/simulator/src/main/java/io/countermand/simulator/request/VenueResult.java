package io.countermand.simulator.request;

import io.countermand.simulator.book.Effect;

/** What a request did to the book, and the venue's answer to it. */
public record VenueResult(Effect effect, HttpAnswer answer) {

  public static VenueResult nothing(HttpAnswer answer) {
    return new VenueResult(Effect.NONE, answer);
  }
}
