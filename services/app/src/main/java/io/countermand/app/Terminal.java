package io.countermand.app;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/**
 * Prints progress: one line that changes in a terminal, a plain line now and then elsewhere.
 * Thread-safe.
 */
final class Terminal {

  private static final Duration REDRAW = Duration.ofMillis(200);
  private static final Duration PLAIN = Duration.ofSeconds(3);

  private final PrintStream out;
  private final boolean live;
  private Instant last = Instant.EPOCH;
  private boolean open;

  Terminal(PrintStream out) {
    this.out = out;
    Console console = System.console();
    this.live = console != null && console.isTerminal();
  }

  /** A line that stays. */
  synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** The present state; drawn only as often as makes sense. */
  synchronized void progress(String text) {
    Instant now = Instant.now();
    if (Duration.between(last, now).compareTo(live ? REDRAW : PLAIN) < 0) {
      return;
    }
    last = now;
    if (live) {
      out.print("\r\u001b[K" + text);
      out.flush();
      open = true;
    } else {
      out.println(text);
    }
  }

  private void clear() {
    if (open) {
      out.print("\r\u001b[K");
      open = false;
    }
  }
}
