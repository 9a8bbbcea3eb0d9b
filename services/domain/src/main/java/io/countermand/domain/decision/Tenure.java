package io.countermand.domain.decision;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of a venue's intents one group of desks decides, in one partition of cancel-intents. Known
 * by the hand-overs that stand in that partition and nothing else, so two groups that have read the
 * same records never have the same intent, and one of them has it.
 *
 * <pre>
 * all ── from us ──> up to there <── from us ──> from there <── to us ── none
 *                                 ── to us ───>
 * </pre>
 *
 * @param spans offsets whose intents the group decides, in their order
 * @param read the last hand-over that counted; -1: none. An earlier one that is read again after a
 *     crash counts no more
 */
public record Tenure(List<Span> spans, long read) {

  /** Of a venue that was never handed over: whoever serves it decides everything. */
  public static final Tenure ALWAYS = new Tenure(List.of(new Span(0, Long.MAX_VALUE)), -1);

  /** Of a group that was made to be handed venues: it decides none before that. */
  public static final Tenure NONE = new Tenure(List.of(), -1);

  /**
   * @param from first offset
   * @param until first offset behind; {@link Long#MAX_VALUE}: there is none
   */
  public record Span(long from, long until) {

    boolean open() {
      return until == Long.MAX_VALUE;
    }
  }

  public Tenure {
    spans = List.copyOf(spans);
  }

  /** Whether the group decides the intent that stands there, and makes the later calls for it. */
  public boolean has(long intent) {
    return spans.stream().anyMatch(span -> intent >= span.from() && intent < span.until());
  }

  /** Whether it decides what comes next. */
  public boolean decides() {
    return !spans.isEmpty() && spans.getLast().open();
  }

  /** Whether it has decided, or will by what it has read. */
  public boolean began() {
    return !spans.isEmpty();
  }

  /**
   * After a hand-over of the venue.
   *
   * @param offset of the record
   * @param group whose tenure this is
   */
  public Tenure after(HandOver record, long offset, String group) {
    if (offset <= read || record.from().equals(record.to())) {
      return this;
    }
    if (record.to().equals(group)) {
      return decides() ? this : with(new Span(offset, Long.MAX_VALUE), offset);
    }
    return record.from().equals(group) && decides() ? ended(offset) : this;
  }

  private Tenure with(Span span, long offset) {
    List<Span> all = new ArrayList<>(spans);
    all.add(span);
    return new Tenure(all, offset);
  }

  private Tenure ended(long offset) {
    List<Span> all = new ArrayList<>(spans.subList(0, spans.size() - 1));
    all.add(new Span(spans.getLast().from(), offset));
    return new Tenure(all, offset);
  }
}
