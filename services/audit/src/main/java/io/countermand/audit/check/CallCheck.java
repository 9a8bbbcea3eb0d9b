package io.countermand.audit.check;

import io.countermand.audit.check.Findings.Count;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.LedgerEvent.Decided;
import io.countermand.domain.lifecycle.LedgerEvent.Replied;
import io.countermand.domain.lifecycle.LedgerEvent.Started;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The venue calls of one order: asked for, marked in time, made in time, answered once. */
final class CallCheck {

  /**
   * The desk looks at the clock, then calls; a pause in between makes a call late that was begun in
   * time. Less than this is taken for that.
   */
  static final Duration CALL_SLACK = Duration.ofMillis(100);

  /** What a desk could not write within Kafka's delivery.timeout.ms it never writes; and clocks. */
  private static final Duration DELIVERY = Duration.ofSeconds(125);

  private final OrderHistory history;
  private final AuditScope scope;
  private final Findings findings;
  private final Map<String, List<OrderHistory.Said>> markers = new HashMap<>();
  private final Map<Evidence, OrderHistory.Requested> requests = new HashMap<>();
  private final RepeatedCalls repeated;

  CallCheck(OrderHistory history, AuditScope scope, Findings findings) {
    this.history = history;
    this.scope = scope;
    this.findings = findings;
    this.repeated = new RepeatedCalls(history, findings);
    history.retries.forEach(one -> requests.put(one.at(), one));
  }

  void check() {
    Set<Long> prints = new HashSet<>();
    for (OrderHistory.Said said : history.progress) {
      findings.counted(said.event().cancel(), Count.STEPS);
      boolean again = !prints.add(said.print());
      if (said.event() instanceof Started started) {
        again |= marked(started, said);
      }
      if (again) {
        findings.add(
            DifferenceKind.DUPLICATE_RECORD, said.event(), "the same progress record again");
      }
    }
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof Replied replied) {
        replied(replied, said);
      }
    }
    Map<Long, Evidence> seen = new HashMap<>();
    for (OrderHistory.Seen one : history.events) {
      duplicate("order event", seen.putIfAbsent(one.print(), one.at()), one.at(), null);
    }
    for (OrderHistory.Requested one : history.retries) {
      String cancelId = one.request().cancel().cancelId();
      duplicate("request", seen.putIfAbsent(one.print(), one.at()), one.at(), cancelId);
    }
  }

  private void duplicate(
      String what, @Nullable Evidence first, Evidence at, @Nullable String cancelId) {
    if (first != null) {
      findings.add(
          DifferenceKind.DUPLICATE_RECORD,
          history.key,
          cancelId,
          "the same " + what + " again",
          List.of(first, at));
    }
  }

  /**
   * A marker of which nobody knew whether it was written is written again, later and with the same
   * words.
   *
   * @return whether it is the very same, which nobody writes
   */
  private boolean marked(Started started, OrderHistory.Said said) {
    List<OrderHistory.Said> its =
        markers.computeIfAbsent(started.attemptId(), any -> new ArrayList<>());
    boolean same = false;
    for (OrderHistory.Said before : its) {
      same |= before.event().time().equals(started.time());
    }
    its.add(said);
    if (its.size() == 1) {
      findings.counted(started.cancel(), Count.CALLS);
    }
    asked(started, started.kind(), started.attemptNo(), said.request());
    return same;
  }

  /** Whether a marker, or an answer without one, rests on a record that asks for the call. */
  private void asked(
      LedgerEvent.OfCancel attempt, RequestKind kind, int attemptNo, @Nullable Evidence cited) {
    if (cited == null) {
      return;
    }
    if (cited.topic().equals(Topics.INTENTS)) {
      first(attempt, kind, attemptNo, cited);
    } else {
      later(attempt, kind, attemptNo, cited);
    }
  }

  /** The first attempt carries out the cancel's own intent. */
  private void first(
      LedgerEvent.OfCancel attempt, RequestKind kind, int attemptNo, Evidence cited) {
    Cancel cancel = attempt.cancel();
    if (!cited.equals(cancel.intent())) {
      findings.add(
          DifferenceKind.EVIDENCE_DIFFERS,
          attempt,
          "it carries out the intent " + cited + ", that of its cancel is " + cancel.intent(),
          cited);
    } else if (kind != RequestKind.CANCEL || attemptNo != 1) {
      findings.add(
          DifferenceKind.EVIDENCE_DIFFERS,
          attempt,
          "an intent asks for the first attempt, this is attempt " + attemptNo + " (" + kind + ")",
          cited);
    } else {
      routed(attempt, cited);
    }
  }

  /**
   * Whether the desk routed the intent. A desk that is killed between the marker and its decision
   * leaves the marker alone; the intent is decided again then, behind it, and by what is known by
   * then. Of an intent without any decision {@link CancelCheck} tells.
   */
  private void routed(LedgerEvent.OfCancel attempt, Evidence intent) {
    Decided decided = null;
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof Decided desk && desk.cancel().intent().equals(intent)) {
        if (desk.decision() instanceof DeskDecision.Route
            || desk.at().offset() > attempt.at().offset()) {
          return;
        }
        decided = desk;
      }
    }
    if (decided != null) {
      boolean refused = decided.decision() instanceof DeskDecision.Refuse;
      findings.add(
          refused ? DifferenceKind.CALL_AFTER_REFUSAL : DifferenceKind.CALL_WITHOUT_REQUEST,
          attempt,
          (refused ? "refused at " : "never routed; decided otherwise at ") + decided.time(),
          decided.at());
    }
  }

  /** A later attempt carries out a request of the ledger. */
  private void later(
      LedgerEvent.OfCancel attempt, RequestKind kind, int attemptNo, Evidence cited) {
    OrderHistory.Requested one = requests.get(cited);
    if (one == null) {
      if (!cited.topic().equals(Topics.RETRIES) || scope.covers(cited)) {
        findings.add(
            DifferenceKind.CALL_WITHOUT_REQUEST,
            attempt,
            "request " + cited + " is not there",
            cited);
      } else if (scope.expired(cited)) {
        findings.gap(attempt.cancel(), "requests that retention took");
      }
      return;
    }
    CancelRequest is = one.request();
    if (!is.cancel().equals(attempt.cancel()) || is.kind() != kind || is.attemptNo() != attemptNo) {
      findings.add(
          DifferenceKind.EVIDENCE_DIFFERS,
          attempt,
          "the request asks for attempt "
              + is.attemptNo()
              + " ("
              + is.kind()
              + ") of "
              + is.cancel().cancelId(),
          cited);
    }
  }

  private void replied(Replied replied, OrderHistory.Said said) {
    findings.counted(replied.cancel(), Count.REPLIES);
    List<OrderHistory.Said> its = markers.get(replied.attemptId());
    if (its == null) {
      asked(replied, replied.kind(), replied.attemptNo(), said.request());
      if (replied.sent() && !(first(replied) && scope.leases().lacks(replied.cancel()))) {
        findings.add(
            DifferenceKind.CALL_WITHOUT_MARKER,
            replied,
            "no started marker " + replied.attemptId());
      }
      return;
    }
    LedgerEvent.OfCancel started = its.getFirst().event();
    if (started.at().offset() > replied.at().offset()) {
      findings.add(
          DifferenceKind.OUT_OF_ORDER,
          replied,
          "the answer stands before its marker",
          started.at());
    }
    if (!started.cancel().equals(replied.cancel())) {
      findings.add(
          DifferenceKind.EVIDENCE_DIFFERS,
          replied,
          "its marker is of another cancel",
          started.at());
    }
    Evidence cited = its.getFirst().request();
    if (said.request() != null && !said.request().equals(cited)) {
      findings.add(
          DifferenceKind.EVIDENCE_DIFFERS,
          replied,
          "it carries out " + said.request() + ", its marker " + cited,
          started.at());
    }
    if (replied.sent()) {
      inTime(replied, its);
      repeated.made(its.getFirst(), replied);
    }
  }

  private void inTime(Replied replied, List<OrderHistory.Said> its) {
    Instant deadline = replied.cancel().deadline();
    if (replied.sentAt() != null && !replied.sentAt().isBefore(deadline.plus(CALL_SLACK))) {
      findings.add(
          DifferenceKind.CALL_PAST_DEADLINE,
          replied,
          "sent at " + replied.sentAt() + ", the deadline was " + deadline);
    }
    // By the log's own time, to which the desk held itself: no slack.
    if (its.stream().noneMatch(marker -> marker.time().isBefore(deadline))
        && !leased(replied, its)) {
      OrderHistory.Said marker = its.getFirst();
      findings.add(
          DifferenceKind.MARKER_PAST_DEADLINE,
          replied,
          "sent, though its marker was appended at "
              + marker.time()
              + " and the deadline was "
              + deadline,
          marker.event().at());
    }
  }

  private static boolean first(Replied replied) {
    return replied.kind() == RequestKind.CANCEL && replied.attemptNo() == 1;
  }

  /** Whether a lease let the call leave before its marker was durable, which came soon after. */
  private boolean leased(Replied replied, List<OrderHistory.Said> its) {
    Instant sent = replied.sentAt();
    return sent != null
        && first(replied)
        && its.stream().anyMatch(marker -> marker.time().isBefore(sent.plus(DELIVERY)))
        && scope.leases().covered(replied.cancel(), replied.cancel().deadline());
  }
}
