package io.countermand.audit.check;

import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent.Decided;
import io.countermand.domain.lifecycle.LedgerEvent.Replied;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls that one order's desk made more than once for one record. After a kill, or when a partition
 * goes to another desk, that is right: harmless, and better than no call. A restart keeps the
 * desk's name and leaves no record, so calls one after the other are never wrong. Two of one desk
 * at once are: while it makes a call, it knows that it does.
 */
final class RepeatedCalls {

  /** From marker to answer, by offset in the order's progress. */
  private record Made(String by, long from, Replied answer) {
    boolean meets(Made other) {
      return from < other.answer.at().offset() && other.from < answer.at().offset();
    }
  }

  private final OrderHistory history;
  private final Findings findings;
  private final Map<Evidence, List<Made>> calls = new HashMap<>();

  RepeatedCalls(OrderHistory history, Findings findings) {
    this.history = history;
    this.findings = findings;
  }

  /** A cancel was sent, and answered. */
  void made(OrderHistory.Said marker, Replied replied) {
    Evidence cited = marker.request();
    if (cited == null || replied.kind() != RequestKind.CANCEL) {
      return;
    }
    var made = new Made(marker.by(), marker.event().at().offset(), replied);
    List<Made> before = calls.computeIfAbsent(cited, any -> new ArrayList<>());
    for (Made one : before) {
      boolean another = !one.answer().attemptId().equals(replied.attemptId());
      if (another && one.by().equals(made.by()) && one.meets(made) && !decidedAgain(cited)) {
        findings.add(
            DifferenceKind.CALLED_TWICE,
            replied,
            made.by() + " was at attempt " + one.answer().attemptId() + " for the same record",
            one.answer().at(),
            cited);
      }
    }
    before.add(made);
  }

  /** Whether a crash shows: each record is decided once otherwise. */
  private boolean decidedAgain(Evidence cited) {
    return cited.topic().equals(Topics.INTENTS)
        && history.progress.stream()
                .filter(
                    said ->
                        said.event() instanceof Decided desk
                            && desk.cancel().intent().equals(cited))
                .count()
            > 1;
  }
}
