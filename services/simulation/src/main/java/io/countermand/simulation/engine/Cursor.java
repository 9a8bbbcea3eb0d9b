package io.countermand.simulation.engine;

/** One reader's place in one log. */
public final class Cursor<T> {

  public final Log<T> log;
  final boolean readCommitted;

  /** Offset that is read next. */
  public int next;

  /** Offset that is read next after a crash. */
  public int committed;

  /** Virtual time before which nothing more arrives here: a slow fetch. */
  public long blockedUntil;

  public Cursor(Log<T> log, boolean readCommitted) {
    this.log = log;
    this.readCommitted = readCommitted;
  }

  public boolean ready(long now) {
    if (now < blockedUntil) {
      return false;
    }
    while (readCommitted && next < log.end() && log.get(next).aborted()) {
      next++;
    }
    return next < log.end() && !(readCommitted && log.get(next).open());
  }

  /** After a crash: reads on from what was committed. */
  public void rewind() {
    start(committed);
  }

  /** Reads on from there. */
  public void start(int offset) {
    next = offset;
    blockedUntil = 0;
  }

  public Log.Entry<T> take() {
    return log.get(next++);
  }
}
