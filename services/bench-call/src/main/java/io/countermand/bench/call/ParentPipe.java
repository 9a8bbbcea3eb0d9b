package io.countermand.bench.call;

import java.io.IOException;

/** A peer lives as long as the harness holds its standard input. */
public final class ParentPipe {

  private ParentPipe() {}

  /** Returns when standard input ends: the harness wants it, or has died. */
  public static void await() throws IOException {
    while (System.in.read() >= 0) {
      // Nobody writes here.
    }
  }
}
