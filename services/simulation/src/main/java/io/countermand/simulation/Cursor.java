package io.countermand.simulation;

/** One reader's place in one log. */
final class Cursor<T> {

  final Log<T> log;
  final boolean readCommitted;

  /** Offset that is read next. */
  int next;

  /** Offset that is read next after a crash. */
  int committed;

  /** Virtual time before which nothing more arrives here: a slow fetch. */
  long blockedUntil;

  Cursor(Log<T> log, boolean readCommitted) {
    this.log = log;
    this.readCommitted = readCommitted;
  }

  boolean ready(long now) {
    if (now < blockedUntil) {
      return false;
    }
    while (readCommitted && next < log.end() && log.get(next).aborted()) {
      next++;
    }
    return next < log.end() && !(readCommitted && log.get(next).open());
  }

  /** After a crash: reads on from what was committed. */
  void rewind() {
    start(committed);
  }

  /** Reads on from there. */
  void start(int offset) {
    next = offset;
    blockedUntil = 0;
  }

  Log.Entry<T> take() {
    return log.get(next++);
  }
}
