package io.countermand.domain.lease;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Of which intents the log says all that a desk did about them under one lease.
 *
 * <p>The desk numbers its decisions in the order in which it decides, which is the order of the
 * intents; it calls early for none that lies behind. Each number is read in the order of the log,
 * whether the decision's own value can be read or not. So where none is missing, the last decision
 * proves what the desk did about every intent up to where it had read then. One that is missing was
 * lost by the broker: it may be of any intent between the decisions beside it, and what comes
 * behind is proved as before.
 *
 * @param decisions that the desk had written, as far as the log was read
 * @param through the desk had read the intents up to this one with the last of them
 * @param gaps intents up to {@code through} of which a decision may be missing; in their order,
 *     none beside another
 */
public record LeaseProof(long decisions, long through, List<Span> gaps) {

  /** That proves nothing. */
  static final LeaseProof NONE = new LeaseProof(0, -1, List.of());

  /** Beyond that the first two are one, with what is between them. */
  private static final int MOST_GAPS = 64;

  /** Intents from an offset to another, both among them. */
  public record Span(long from, long to) {}

  public LeaseProof {
    gaps = List.copyOf(gaps);
  }

  /**
   * A lease whose first record that was read says so. What stands before it is of no use to who did
   * not read it.
   *
   * @param from the first intent that it covers
   */
  static LeaseProof since(long decisions, long from, long readTo) {
    return new LeaseProof(decisions, Math.max(from, readTo) - 1, List.of());
  }

  boolean knows(long intent) {
    return intent <= through
        && gaps.stream().noneMatch(s -> intent >= s.from() && intent <= s.to());
  }

  /** Whether no decision is missing, and the desk was not there yet with the last. */
  boolean endsBefore(long intent) {
    return gaps.isEmpty() && intent > through;
  }

  /** Whether it knows of each intent from one to another, which is not among them. */
  boolean knowsAll(long from, long to) {
    return from >= to
        || (through >= to - 1 && gaps.stream().noneMatch(s -> s.from() < to && s.to() >= from));
  }

  /**
   * A record of the lease was read.
   *
   * @param written so many decisions stand before it
   * @param readTo the desk had read the intents before that one
   */
  LeaseProof told(long written, long readTo) {
    if (written < decisions) {
      return this; // that cannot be
    }
    List<Span> more = written == decisions ? gaps : with(gaps, through + 1, readTo - 1);
    return new LeaseProof(written, Math.max(through, readTo - 1), more);
  }

  /** A decision stands in the log. */
  LeaseProof decided(Lease.Place place) {
    if (place.number() <= decisions) {
      return this; // it was read before
    }
    List<Span> more = gaps;
    if (place.number() > decisions + 1) {
      more = with(more, through + 1, place.intent() - 1);
      more = with(more, Math.max(through, place.intent()) + 1, place.readTo() - 1);
    }
    return new LeaseProof(place.number(), Math.max(through, place.readTo() - 1), more);
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
    if (next.size() > MOST_GAPS) {
      Span first = next.removeFirst();
      next.addFirst(new Span(first.from(), next.removeFirst().to()));
    }
    return next;
  }
}
