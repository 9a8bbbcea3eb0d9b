package io.countermand.simulation;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reply;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.engine.Log;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks what is learned after outcomes, which belongs to promise 2: each PENDING or UNRESOLVED one
 * whose order's end was told has its finding, once, and none says what is not so. Venue and feeds
 * contradict nobody here, so every contradiction is false.
 */
final class FindingsCheck {

  /** An order is remembered throughout a history, or for less than one. */
  private static final Duration WHOLE_HISTORY = Duration.ofMinutes(10);

  private record Told(String cancelId, FindingKind kind) {}

  private final World world;
  private final Map<String, Log.Entry<Outcome>> answers;

  FindingsCheck(World world, Map<String, Log.Entry<Outcome>> answers) {
    this.world = world;
    this.answers = answers;
  }

  /**
   * @param forgottenAt virtual time from which on the ledger remembers none of these cancels
   */
  void check(long forgottenAt) {
    Set<Told> told = new HashSet<>();
    for (Log.Entry<Finding> entry : world.findings.committed()) {
      Finding finding = entry.value();
      String lie = lie(entry, finding);
      if (lie != null) {
        broke(finding.cancel().cancelId(), finding.kind() + ", but " + lie);
      }
      if (!told.add(new Told(finding.cancel().cancelId(), finding.kind()))) {
        broke(finding.cancel().cancelId(), finding.kind() + " twice");
      }
    }
    if (world.setting.ledger().rememberOrder().compareTo(WHOLE_HISTORY) < 0) {
      return;
    }
    Map<OrderRef, OrdStatus> ends = ends(forgottenAt);
    for (Log.Entry<Outcome> entry : answers.values()) {
      Outcome outcome = entry.value();
      OrdStatus end = ends.get(outcome.cancel().order());
      String id = outcome.cancel().cancelId();
      if (open(outcome) && end != null && !told.contains(new Told(id, FindingKind.RESOLVED))) {
        broke(id, outcome.result() + ", the order's end was told: " + end);
      }
    }
  }

  private void broke(String cancelId, String what) {
    world.broke("2: afterwards: " + cancelId + " " + what);
  }

  /** Whether the outcome leaves open what became of the order. */
  private static boolean open(Outcome outcome) {
    boolean says = outcome.ordStatus() != null && outcome.ordStatus().terminal();
    return !says
        && (outcome.result() == CancelResult.PENDING
            || outcome.result() == CancelResult.UNRESOLVED);
  }

  private @Nullable String lie(Log.Entry<Finding> entry, Finding finding) {
    Log.Entry<Outcome> answer = answers.get(finding.cancel().cancelId());
    if (answer == null) {
      return "it has no outcome";
    }
    Outcome outcome = answer.value();
    if (!finding.cancel().equals(outcome.cancel())
        || finding.result() != outcome.result()
        || finding.reason() != outcome.reason()
        || !finding.decidedAt().equals(outcome.decidedAt())) {
      return "its outcome is another";
    }
    TrueOrder book = world.book(finding.cancel());
    OrdStatus status = finding.ordStatus();
    if (finding.kind() != FindingKind.RESOLVED) {
      return "the outcome was true";
    }
    if (!open(outcome)) {
      return "the outcome said so";
    }
    if (status == null || status != book.status || book.endedAt > entry.at()) {
      return "the order was not " + status;
    }
    return finding.cumQty() != null && finding.cumQty().intValue() > book.filled
        ? "executed is " + book.filled
        : null;
  }

  /** How orders ended, as far as an order event or an answer told. */
  private Map<OrderRef, OrdStatus> ends(long before) {
    Map<OrderRef, OrdStatus> ends = new HashMap<>();
    for (Log.Entry<OrderEvent> entry : world.events.committed()) {
      OrderEvent event = entry.value();
      if (entry.at() < before && event.ordStatus().terminal()) {
        ends.put(event.order(), event.ordStatus());
      }
    }
    for (Log.Entry<World.Progress> entry : world.heard()) {
      LedgerEvent said = entry.value().at(new Evidence(world.progress.name, 0, 0));
      if (entry.at() < before && said instanceof LedgerEvent.Replied replied) {
        OrdStatus status =
            replied.reply() instanceof Reply.Canceled
                ? OrdStatus.CANCELED
                : replied.reply().told().ordStatus();
        if (status != null && status.terminal()) {
          ends.put(replied.cancel().order(), Objects.requireNonNull(status));
        }
      }
    }
    return ends;
  }
}
