package io.countermand.domain.lease;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Of which intents the log says all that a desk did about them under one lease.
 *
 * <p>The desk numbers its decisions in the order in which it decides, which is the order of the
 * intents; it calls early for none that lies behind. So decisions whose numbers follow each other
 * prove what it did about every intent between them. They need not be read in that order: one that
 * cannot be read yet comes later, and then closes the gap that it left. Until then each that was
 * read says what was done about its own intent, and a renewal, which tells how many decisions there
 * are and up to where the desk has read, begins anew behind the gap.
 *
 * @param runs decisions that were read, none missing within a run; in the order of their numbers
 * @param known intents about which all is known; in their order, none beside another
 */
public record LeaseProof(List<Run> runs, List<Span> known) {

  /** That proves nothing. */
  static final LeaseProof NONE = new LeaseProof(List.of(), List.of());

  /** Beyond that the second is forgotten: what it proves stays, the gap behind it never closes. */
  private static final int MOST_RUNS = 64;

  /** Beyond that the second is forgotten, and its intents are in doubt again. */
  private static final int MOST_SPANS = 512;

  /**
   * Decisions that were read, without a gap.
   *
   * @param first its number; one more than {@code last}: none was read yet, the next is that one
   * @param last its number
   * @param through the highest intent of them, or the last that the desk had read then
   * @param placed whether {@code through} is how far the desk was with the last of them; it is not
   *     where all of them may be of intents that were put off
   */
  public record Run(long first, long last, long through, boolean placed) {

    private boolean empty() {
      return last < first;
    }

    private boolean has(long number) {
      return number >= first && number <= last;
    }
  }

  /** Intents from an offset to another, both among them. */
  public record Span(long from, long to) {}

  public LeaseProof {
    runs = List.copyOf(runs);
    known = List.copyOf(known);
  }

  /**
   * A lease whose first record that was read says so. What stands before it is of no use to who did
   * not read it.
   *
   * @param from the first intent that it covers
   */
  static LeaseProof since(long decisions, long from, long readTo) {
    long through = Math.max(from, readTo) - 1;
    return new LeaseProof(
        List.of(new Run(decisions + 1, decisions, through, true)), with(List.of(), from, through));
  }

  boolean knows(long intent) {
    for (Span span : known) {
      if (intent <= span.to()) {
        return intent >= span.from();
      }
    }
    return false;
  }

  /** Whether no decision is missing, and the desk was not there yet with the last. */
  boolean endsBefore(long intent) {
    return runs.size() == 1 && runs.getFirst().placed() && intent > runs.getFirst().through();
  }

  /** Whether it knows of each intent from one to another, which is not among them. */
  boolean knowsAll(long from, long to) {
    return from >= to || known.stream().anyMatch(s -> s.from() <= from && s.to() >= to - 1);
  }

  /**
   * A record of the lease was read.
   *
   * @param decisions so many stand before it
   * @param readTo the desk had read the intents before that one
   */
  LeaseProof told(long decisions, long readTo) {
    List<Run> next = new ArrayList<>(runs.size() + 1);
    List<Span> more = known;
    boolean met = false;
    for (Run run : runs) {
      if (run.last() == decisions) {
        if (run.placed()) {
          more = with(more, run.through() + 1, readTo - 1);
        }
        next.add(new Run(run.first(), run.last(), Math.max(run.through(), readTo - 1), true));
        met = true;
      } else {
        next.add(run);
        met |= decisions >= run.first() - 1 && decisions < run.last(); // it tells nothing new
      }
    }
    if (!met) {
      next.subList(Math.min(1, next.size()), next.size())
          .removeIf(Run::empty); // a later place does
      next.add(new Run(decisions + 1, decisions, readTo - 1, true));
    }
    return bounded(next, more);
  }

  /**
   * A decision was read.
   *
   * @param intent what was decided
   */
  LeaseProof decided(long number, long intent) {
    List<Run> next = new ArrayList<>(runs.size() + 1);
    Run before = null;
    Run after = null;
    for (Run run : runs) {
      if (run.has(number)) {
        return this;
      }
      if (run.last() == number - 1) {
        before = run;
      } else if (run.first() == number + 1) {
        after = run;
      } else {
        next.add(run);
      }
    }
    List<Span> more = with(known, intent, intent);
    Run now = new Run(number, number, intent, false);
    if (before != null) {
      more = before.placed() ? with(more, before.through() + 1, intent) : more;
      long through = Math.max(before.through(), intent);
      now = new Run(before.first(), number, through, before.placed());
    }
    if (after != null) {
      more = now.placed() ? with(more, now.through() + 1, after.through()) : more;
      long through = Math.max(now.through(), after.through());
      now = new Run(now.first(), after.last(), through, now.placed() || after.placed());
    }
    next.add(now);
    return bounded(next, more);
  }

  private static LeaseProof bounded(List<Run> runs, List<Span> known) {
    runs.sort(Comparator.comparingLong(Run::first).thenComparingLong(Run::last));
    return new LeaseProof(atMost(MOST_RUNS, runs), atMost(MOST_SPANS, known));
  }

  /** The first may be of all that was known before anything was missing. */
  private static <T> List<T> atMost(int most, List<T> all) {
    if (all.size() <= most) {
      return all;
    }
    List<T> left = new ArrayList<>(all.subList(0, 1));
    left.addAll(all.subList(all.size() - most + 1, all.size()));
    return left;
  }

  private static List<Span> with(List<Span> spans, long from, long to) {
    if (from > to) {
      return spans;
    }
    List<Span> next = new ArrayList<>(spans.size() + 1);
    long low = from;
    long high = to;
    for (Span span : spans) {
      if (span.to() < from - 1 || span.from() > to + 1) {
        next.add(span);
      } else {
        low = Math.min(low, span.from());
        high = Math.max(high, span.to());
      }
    }
    next.add(new Span(low, high));
    next.sort(Comparator.comparingLong(Span::from));
    return next;
  }
}
