package io.countermand.audit.story;

import io.countermand.audit.source.Decoders;
import io.countermand.audit.source.StoredRecord;
import io.countermand.events.AttemptReplied;
import io.countermand.events.AttemptStarted;
import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.Evidence;
import io.countermand.events.Joined;
import io.countermand.events.OrderEvent;
import io.countermand.events.OrderState;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.QueueSeen;
import io.countermand.events.Refused;
import io.countermand.events.Repeated;
import io.countermand.events.Requester;
import io.countermand.events.Routed;
import io.countermand.events.TimerFired;
import io.countermand.events.serde.Decoded;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts single records into words. Secrets were never recorded, so none can be told. */
final class StoryTeller {

  private final Decoders decoders;

  StoryTeller(Decoders decoders) {
    this.decoders = decoders;
  }

  StoryLine tell(StoredRecord row) {
    return switch (decoders.of(row.topic()).decode(row.topic(), row.value())) {
      case Decoded.Ok<?>(CancelIntent intent) -> intent(intent, row);
      case Decoded.Ok<?>(CancelProgress progress) -> progress(progress, row);
      case Decoded.Ok<?>(CancelOutcome outcome) -> outcome(outcome, row);
      case Decoded.Ok<?>(OutcomeFinding finding) -> finding(finding, row);
      case Decoded.Ok<?>(CancelRequest request) -> request(request, row);
      case Decoded.Ok<?>(OrderEvent event) -> event(event, row);
      case Decoded.Ok<?>(OrderState state) -> state(state, row);
      case Decoded.Ok<?> _ -> line(row.time(), row, "record", null, Map.of());
      case Decoded.Poison<?>(var kind, String _) ->
          row.value() == null
              ? line(row.time(), row, "forgotten", null, Map.of())
              : line(row.time(), row, "unreadable", null, Map.of("why", kind.name()));
    };
  }

  private static StoryLine intent(CancelIntent intent, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "deadline", intent.getDeadline());
    put(details, "override", intent.getOverride() ? "yes" : null);
    put(details, "automated", intent.getIsAutomated() ? "yes" : null);
    who(details, intent.getRequester());
    put(details, "received", row.time());
    return line(intent.getCreatedAt(), row, "intent", intent.getCancelId(), details);
  }

  private static void who(Map<String, String> details, @Nullable Requester who) {
    if (who != null) {
      put(details, "algorithm", who.getAlgorithm());
      put(details, "trader", who.getTrader());
      put(details, "desk", who.getDesk());
      put(details, "client", who.getClient());
      put(details, "why", who.getReason());
    }
  }

  private static StoryLine progress(CancelProgress progress, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    String what =
        switch (progress.getWhat()) {
          case Routed routed -> {
            put(details, "waits", routed.getQueued() ? "yes" : null);
            put(details, "id", routed.getAttemptId());
            queue(details, routed.getQueue());
            shown(details, routed.getOrder());
            yield "routed";
          }
          case Refused refused -> {
            put(details, "reason", refused.getReason());
            put(details, "text", refused.getText());
            queue(details, refused.getQueue());
            shown(details, refused.getOrder());
            yield "refused";
          }
          case Joined joined -> {
            put(details, "leader", joined.getLeader());
            shown(details, joined.getOrder());
            yield "joined";
          }
          case Repeated repeated -> {
            put(details, "offset", repeated.getRepeatOffset());
            yield "repeated";
          }
          case AttemptStarted started -> {
            attempt(details, started.getAttemptId(), started.getAttemptNo());
            put(details, "kind", started.getKind());
            put(details, "for", place(started.getRequest()));
            yield "call";
          }
          case AttemptReplied replied -> {
            replied(details, replied);
            yield "answer";
          }
          case TimerFired fired -> {
            put(details, "due", fired.getDue());
            yield "timer";
          }
          default -> "progress";
        };
    put(details, "by", progress.getBy());
    Cancel cancel = progress.getCancel();
    return line(progress.getAt(), row, what, cancel.getCancelId(), details);
  }

  private static void attempt(Map<String, String> details, String id, int number) {
    put(details, "attempt", number);
    put(details, "id", id);
  }

  private static void replied(Map<String, String> details, AttemptReplied replied) {
    attempt(details, replied.getAttemptId(), replied.getAttemptNo());
    put(details, "kind", replied.getKind());
    put(details, "reply", replied.getReply());
    put(details, "sent", replied.getSent() ? "yes" : "no");
    put(details, "sentAt", replied.getSentAt());
    put(details, "reason", replied.getReason());
    put(details, "code", replied.getVenueCode());
    put(details, "message", replied.getVenueMessage());
    put(details, "ordStatus", replied.getOrdStatus());
    put(details, "executed", replied.getExecutedQty());
    put(details, "retryAt", replied.getRetryAt());
    put(details, "request", replied.getRequest());
    put(details, "response", replied.getResponse());
  }

  private static void shown(Map<String, String> details, @Nullable OrderState order) {
    if (order != null) {
      put(details, "ordStatus", order.getOrdStatus());
      put(details, "executed", order.getCumQty());
      put(details, "shownBy", place(order.getEvidence()));
    }
  }

  /** Unless nothing waited. */
  private static void queue(Map<String, String> details, @Nullable QueueSeen queue) {
    if (queue != null && queue.getWaiting() > 0) {
      put(details, "queue", queue.getWaiting() + " of " + queue.getBound());
    }
  }

  private static @Nullable String place(@Nullable Evidence at) {
    return at == null ? null : at.getTopic() + "-" + at.getPartition() + "@" + at.getOffset();
  }

  private static StoryLine outcome(CancelOutcome outcome, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "result", outcome.getResult());
    put(details, "reason", outcome.getReason());
    put(details, "decidedBy", outcome.getDecidedBy());
    put(details, "ordStatus", outcome.getOrdStatus());
    put(details, "executed", outcome.getExecutedQty());
    put(details, "cxlRejReason", outcome.getCxlRejReason());
    put(details, "joinedTo", outcome.getJoinedTo());
    put(details, "successor", outcome.getSuccessor());
    put(details, "attempts", outcome.getAttempts().size());
    put(details, "text", outcome.getText());
    put(details, "published", row.time());
    return line(outcome.getDecidedAt(), row, "outcome", outcome.getCancel().getCancelId(), details);
  }

  private static StoryLine finding(OutcomeFinding finding, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "kind", finding.getKind());
    put(details, "result", finding.getResult());
    put(details, "reason", finding.getReason());
    put(details, "ordStatus", finding.getOrdStatus());
    put(details, "executed", finding.getExecutedQty());
    put(details, "disputed", finding.getDisputed() ? "yes" : null);
    put(details, "text", finding.getText());
    put(
        details,
        "shown by",
        place(finding.getEvidence().isEmpty() ? null : finding.getEvidence().getFirst()));
    put(details, "published", row.time());
    return line(finding.getFoundAt(), row, "finding", finding.getCancel().getCancelId(), details);
  }

  private static StoryLine request(CancelRequest request, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "attempt", request.getAttemptNo());
    put(details, "kind", request.getKind());
    return line(
        request.getRequestedAt(), row, "request", request.getCancel().getCancelId(), details);
  }

  private static StoryLine event(OrderEvent event, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    put(details, "ordStatus", event.getOrdStatus());
    put(details, "raw", event.getRawStatus());
    put(details, "executed", event.getCumQty());
    put(details, "venueTime", event.getVenueTime());
    put(details, "sequence", event.getSequence());
    put(details, "correction", event.getCorrection() ? "yes" : null);
    put(details, "source", event.getSource());
    return line(event.getObservedAt(), row, "order event", event.getCancelId(), details);
  }

  private static StoryLine state(OrderState state, StoredRecord row) {
    Map<String, String> details = new LinkedHashMap<>();
    shown(details, state);
    return line(row.time(), row, "order state", null, details);
  }

  private static StoryLine line(
      Instant at,
      StoredRecord row,
      String what,
      @Nullable String cancelId,
      Map<String, String> details) {
    return new StoryLine(at, row.time(), what, cancelId, details, row.at());
  }

  private static void put(Map<String, String> details, String name, @Nullable Object value) {
    if (value != null) {
      details.put(name, value.toString().replace('\n', ' ').replace('\r', ' '));
    }
  }
}
