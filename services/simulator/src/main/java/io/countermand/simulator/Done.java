package io.countermand.simulator;

/** What a request did to the book, and the venue's answer to it. */
record Done(Effect effect, Answer answer) {

  static Done nothing(Answer answer) {
    return new Done(Effect.NONE, answer);
  }
}
