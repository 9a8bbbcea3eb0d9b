package io.countermand.simulation;

import io.countermand.domain.RequestKind;

/** One call of a worker to the venue, as it truly went; times in virtual milliseconds. */
final class Call {

  final Book book;
  final String cancelId;
  final RequestKind kind;
  final long start;

  /** When the venue answered or the worker gave up, whichever was first. */
  long end;

  /** The venue read it. */
  boolean reached;

  /** The venue dealt with it: neither put off nor turned away at the door. */
  boolean handled;

  /** The worker cannot know what it did. */
  boolean ambiguous;

  Call(Book book, String cancelId, RequestKind kind, long start) {
    this.book = book;
    this.cancelId = cancelId;
    this.kind = kind;
    this.start = start;
  }

  boolean isCancel() {
    return kind == RequestKind.CANCEL;
  }
}
