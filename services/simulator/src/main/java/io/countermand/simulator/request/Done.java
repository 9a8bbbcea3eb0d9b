package io.countermand.simulator.request;

import io.countermand.simulator.book.Effect;

/** What a request did to the book, and the venue's answer to it. */
public record Done(Effect effect, Answer answer) {

  public static Done nothing(Answer answer) {
    return new Done(Effect.NONE, answer);
  }
}
