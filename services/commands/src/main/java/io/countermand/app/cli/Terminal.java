package io.countermand.app.cli;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Prints progress: one line that changes in a terminal, a plain line now and then elsewhere.
 * Thread-safe.
 */
public final class Terminal {

  private static final Duration REDRAW = Duration.ofMillis(200);
  private static final Duration PICTURE = Duration.ofSeconds(1);
  private static final Duration PLAIN = Duration.ofSeconds(3);

  private final PrintStream out;
  private final boolean live;
  private final InstantSource clock;
  private Instant last = Instant.EPOCH;
  private boolean open;
  private int drawn;

  public Terminal(PrintStream out) {
    this(out, atTerminal(), InstantSource.system());
  }

  /**
   * @param live whether what was printed can be drawn over
   */
  Terminal(PrintStream out, boolean live, InstantSource clock) {
    this.out = out;
    this.live = live;
    this.clock = clock;
  }

  private static boolean atTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** A line that stays. */
  public synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** The present state; drawn only as often as makes sense. */
  public synchronized void progress(String text) {
    Instant now = clock.instant();
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

  /**
   * A picture of several lines, drawn in place of the last one once a second; elsewhere than at a
   * terminal only its first line, now and then.
   */
  public synchronized void picture(List<String> lines) {
    Instant now = clock.instant();
    if (Duration.between(last, now).compareTo(live ? PICTURE : PLAIN) < 0) {
      return;
    }
    last = now;
    if (live) {
      clear();
      lines.forEach(out::println);
      drawn = lines.size();
    } else {
      out.println(lines.getFirst());
    }
    out.flush();
  }

  /** Takes away what was drawn, so that something else can be said there. */
  public synchronized void end() {
    clear();
    out.flush();
  }

  private void clear() {
    if (open) {
      out.print("\r\u001b[K");
      open = false;
    }
    if (drawn > 0) { // up to its first line, and wipe all below
      out.print("\u001b[" + drawn + "A\r\u001b[J");
      drawn = 0;
    }
  }
}
