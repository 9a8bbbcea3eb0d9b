package io.countermand.audit.check;

import io.countermand.domain.Cancel;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the checks of one partition found and counted. One thread. */
public final class Findings {

  /** What is counted of judged cancels, so that "no difference" says of how many. */
  public enum Count {
    INTENTS("intents"),
    /** Not those that may get their outcome yet. */
    JUDGED("intents judged: their time was over"),
    CANCELS("cancels"),
    OUTCOMES("outcomes"),
    DECISIONS("decisions"),
    STEPS("lifecycle steps"),
    CALLS("venue calls"),
    REPLIES("replies"),
    POISON("unusable records"),
    MASSES("mass cancels and kill switches"),
    FIRES("fires of dead-man's switches judged");

    public final String words;

    /** Whether an archive may lack the topics; then nothing is counted, not even none. */
    public boolean mayLack() {
      return this == MASSES || this == FIRES;
    }

    Count(String words) {
      this.words = words;
    }
  }

  /** More are counted, and not kept: all of an audit, and those of one partition. */
  static final int MOST_KEPT = 20_000;

  private static final int MOST_OF_PARTITION = 5_000;
  private static final int MOST_TEXT = 500;
  private static final int MOST_EVIDENCE = 16;

  private final AuditScope scope;
  public final Map<DifferenceKind, Long> kinds = new EnumMap<>(DifferenceKind.class);
  public final Map<String, Long> notes = new TreeMap<>();
  public final List<Difference> differences = new ArrayList<>();
  public final Map<String, Long> gaps = new TreeMap<>();
  public final Map<Count, Long> counts = new EnumMap<>(Count.class);
  public final CrossPartitionRefs elsewhere = new CrossPartitionRefs();
  public long folds;
  public long derived;

  public Findings(AuditScope scope) {
    this.scope = scope;
  }

  public void add(DifferenceKind kind, LedgerEvent.OfCancel event, String text, Evidence... more) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(event.at());
    evidence.addAll(List.of(more));
    add(kind, event.cancel(), text, evidence);
  }

  /** Of a cancel: only if it is judged. */
  public void add(DifferenceKind kind, Cancel cancel, String text, List<Evidence> evidence) {
    if (scope.judged(cancel.receivedAt())) {
      add(kind, cancel.order().key(), cancel.cancelId(), text, evidence);
    }
  }

  public void add(
      DifferenceKind kind,
      @Nullable String order,
      @Nullable String cancelId,
      String text,
      List<Evidence> evidence) {
    kinds.merge(kind, 1L, Long::sum);
    if (differences.size() >= MOST_OF_PARTITION) {
      return; // counted all the same
    }
    differences.add(
        new Difference(
            kind,
            order,
            cancelId,
            text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "...",
            List.copyOf(evidence.subList(0, Math.min(MOST_EVIDENCE, evidence.size())))));
  }

  /** Something that cannot be checked, which is said and not passed over. */
  public void gap(String what) {
    gaps.merge(what, 1L, Long::sum);
  }

  /** Of a cancel: only if it is judged. */
  void gap(Cancel cancel, String what) {
    if (scope.judged(cancel.receivedAt())) {
      gap(what);
    }
  }

  /** Something that is as it should be, and worth to be known. */
  public void note(String what) {
    notes.merge(what, 1L, Long::sum);
  }

  public void addAll(Findings other) {
    for (Difference one : other.differences) {
      if (differences.size() < MOST_KEPT) {
        differences.add(one);
      }
    }
    other.kinds.forEach((kind, more) -> kinds.merge(kind, more, Long::sum));
    other.gaps.forEach((what, more) -> gaps.merge(what, more, Long::sum));
    other.notes.forEach((what, more) -> notes.merge(what, more, Long::sum));
    other.counts.forEach(this::counted);
    elsewhere.refs.addAll(other.elsewhere.refs);
    elsewhere.loose.addAll(other.elsewhere.loose);
    elsewhere.misplaced.addAll(other.elsewhere.misplaced);
    folds += other.folds;
    derived += other.derived;
  }

  public void counted(Cancel cancel, Count what) {
    if (scope.judged(cancel.receivedAt())) {
      counted(what, 1);
    }
  }

  public void counted(Count what, long more) {
    counts.merge(what, more, Long::sum);
  }
}
