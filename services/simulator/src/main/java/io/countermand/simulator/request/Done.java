package io.countermand.simulator.request;

import io.countermand.simulator.book.Effect;

/** What a request did to the book, and the venue's answer to it. */
public record Done(Effect effect, HttpAnswer answer) {

  public static Done nothing(HttpAnswer answer) {
    return new Done(Effect.NONE, answer);
  }
}
