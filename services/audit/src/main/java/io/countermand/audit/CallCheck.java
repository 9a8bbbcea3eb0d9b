package io.countermand.audit;

import io.countermand.audit.Findings.Count;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import io.countermand.domain.GateDecision;
import io.countermand.domain.LedgerEvent;
import io.countermand.domain.LedgerEvent.GateSaid;
import io.countermand.domain.LedgerEvent.Replied;
import io.countermand.domain.LedgerEvent.Started;
import io.countermand.domain.RequestKind;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The venue calls of one order: asked for, marked, in time, answered once. */
final class CallCheck {

  /**
   * The worker looks at the clock, then calls; a pause in between makes a call late that was begun
   * in time. Less than this is taken for that.
   */
  static final Duration CALL_SLACK = Duration.ofMillis(100);

  private final OrderHistory history;
  private final Scope scope;
  private final Findings findings;
  private final Map<String, OrderHistory.Said> markers = new HashMap<>();
  private final Map<Evidence, OrderHistory.Requested> requests = new HashMap<>();

  CallCheck(OrderHistory history, Scope scope, Findings findings) {
    this.history = history;
    this.scope = scope;
    this.findings = findings;
    history.requests.forEach(one -> requests.put(one.at(), one));
    history.retries.forEach(one -> requests.put(one.at(), one));
  }

  void check() {
    Set<Long> prints = new HashSet<>();
    for (OrderHistory.Said said : history.progress) {
      findings.counted(said.event().cancel(), Count.STEPS);
      boolean again = !prints.add(said.print());
      if (said.event() instanceof Started started) {
        again |= markers.putIfAbsent(started.attemptId(), said) != null;
        findings.counted(started.cancel(), Count.CALLS);
        asked(started, started.kind(), started.attemptNo(), said.request());
        refused(started, said.request());
      }
      if (again) {
        findings.add(Kind.DUPLICATE_RECORD, said.event(), "the same progress record again");
      }
    }
    for (OrderHistory.Said said : history.progress) {
      switch (said.event()) {
        case Replied replied -> {
          replied(replied);
          if (!markers.containsKey(replied.attemptId())) {
            asked(replied, replied.kind(), replied.attemptNo(), said.request());
          }
        }
        case GateSaid gate -> routed(gate);
        default -> {}
      }
    }
    Map<Long, Evidence> seen = new HashMap<>();
    for (OrderHistory.Seen one : history.events) {
      duplicate("order event", seen.putIfAbsent(one.print(), one.at()), one.at(), null);
    }
    for (OrderHistory.Requested one : history.requests) {
      String cancelId = one.request().cancel().cancelId();
      duplicate("request", seen.putIfAbsent(one.print(), one.at()), one.at(), cancelId);
    }
  }

  private void duplicate(
      String what, @Nullable Evidence first, Evidence at, @Nullable String cancelId) {
    if (first != null) {
      findings.add(
          Kind.DUPLICATE_RECORD,
          history.key,
          cancelId,
          "the same " + what + " again",
          List.of(first, at));
    }
  }

  /** Whether a marker, or an answer without one, rests on a request that says the same. */
  private void asked(
      LedgerEvent.OfCancel attempt, RequestKind kind, int attemptNo, @Nullable Evidence request) {
    if (request == null) {
      return;
    }
    OrderHistory.Requested one = requests.get(request);
    if (one == null) {
      if (scope.covers(request)) {
        findings.add(
            Kind.CALL_WITHOUT_REQUEST, attempt, "request " + request + " is not there", request);
      } else if (scope.expired(request)) {
        findings.gap(attempt.cancel(), "requests that retention took");
      }
      return;
    }
    CancelRequest is = one.request();
    if (!is.cancel().equals(attempt.cancel()) || is.kind() != kind || is.attemptNo() != attemptNo) {
      findings.add(
          Kind.EVIDENCE_DIFFERS,
          attempt,
          "the request asks for attempt "
              + is.attemptNo()
              + " ("
              + is.kind()
              + ") of "
              + is.cancel().cancelId(),
          request);
    }
  }

  /** A call is allowed after a refusal only for a request from before it: the gate had crashed. */
  private void refused(Started started, @Nullable Evidence request) {
    GateSaid refusal = null;
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof GateSaid gate
          && gate.cancel().cancelId().equals(started.cancel().cancelId())) {
        if (!(gate.decision() instanceof GateDecision.Refuse)) {
          return;
        }
        refusal = refusal == null ? gate : refusal;
      }
    }
    if (refusal == null || request == null || refusal.at().offset() > started.at().offset()) {
      return;
    }
    OrderHistory.Requested one = requests.get(request);
    boolean before = one != null && !one.request().requestedAt().isAfter(refusal.time());
    if (!before && (one != null || scope.covers(request))) {
      findings.add(Kind.CALL_AFTER_REFUSAL, started, "refused at " + refusal.time(), refusal.at());
    }
  }

  private void replied(Replied replied) {
    findings.counted(replied.cancel(), Count.REPLIES);
    OrderHistory.Said marker = markers.get(replied.attemptId());
    if (marker == null) {
      if (replied.sent()) {
        findings.add(Kind.CALL_WITHOUT_MARKER, replied, "no started marker " + replied.attemptId());
      }
      return;
    }
    LedgerEvent.OfCancel started = marker.event();
    if (started.at().offset() > replied.at().offset()) {
      findings.add(Kind.OUT_OF_ORDER, replied, "the answer stands before its marker", started.at());
    }
    if (!started.cancel().equals(replied.cancel())) {
      findings.add(Kind.EVIDENCE_DIFFERS, replied, "its marker is of another cancel", started.at());
    }
    if (replied.sent()
        && replied.sentAt() != null
        && !replied.sentAt().isBefore(replied.cancel().deadline().plus(CALL_SLACK))) {
      findings.add(
          Kind.CALL_PAST_DEADLINE,
          replied,
          "sent at " + replied.sentAt() + ", the deadline was " + replied.cancel().deadline());
    }
  }

  private void routed(GateSaid gate) {
    if (!(gate.decision() instanceof GateDecision.Route)) {
      return;
    }
    boolean there =
        history.requests.stream()
            .anyMatch(one -> one.request().cancel().intent().equals(gate.cancel().intent()));
    // A gate that is killed in between decides again, and this time the request may be lost for
    // good.
    long decisions =
        history.progress.stream()
            .filter(
                said ->
                    said.event() instanceof GateSaid other
                        && other.cancel().intent().equals(gate.cancel().intent()))
            .count();
    if (!there && decisions == 1) {
      if (scope.kept(Topics.requests(gate.cancel().order().venue()), gate.time())) {
        findings.add(Kind.ROUTED_WITHOUT_REQUEST, gate, "no request of it is there");
      } else {
        findings.gap(gate.cancel(), "requests that retention took");
      }
    }
  }
}
