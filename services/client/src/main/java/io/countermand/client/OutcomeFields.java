package io.countermand.client;

import io.countermand.events.Attempt;
import io.countermand.events.Cancel;
import io.countermand.events.CancelOutcome;
import io.countermand.events.Evidence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An outcome as fields for JSON, by names that stay: the command line's {@code --json}, and the
 * door's. Times are ISO 8601 in UTC, quantities decimals as text.
 */
public final class OutcomeFields {

  private OutcomeFields() {}

  /** In the order in which they are shown. */
  public static Map<String, @Nullable Object> of(EventRecord<CancelOutcome> record) {
    CancelOutcome o = record.value();
    Cancel cancel = o.getCancel();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("cancelId", cancel.getCancelId());
    fields.put("venue", cancel.getVenue());
    fields.put("account", cancel.getAccount());
    fields.put("orderId", cancel.getOrderId());
    fields.put("orderName", cancel.getOrderName());
    fields.put("strategyId", cancel.getStrategyId());
    fields.put("result", o.getResult().name());
    fields.put("reason", o.getReason().name());
    fields.put("text", o.getText());
    fields.put("cxlRejReason", text(o.getCxlRejReason()));
    fields.put("ordStatus", text(o.getOrdStatus()));
    fields.put("rawStatus", o.getRawStatus());
    fields.put("executedQty", o.getExecutedQty());
    fields.put("decidedBy", o.getDecidedBy().name());
    fields.put("joinedTo", o.getJoinedTo());
    fields.put("successor", o.getSuccessor());
    fields.put("attempts", o.getAttempts().stream().map(OutcomeFields::attempt).toList());
    fields.put("evidence", o.getEvidence().stream().map(OutcomeFields::place).toList());
    fields.put("createdAt", text(cancel.getCreatedAt()));
    fields.put("deadline", text(cancel.getDeadline()));
    fields.put("decidedAt", text(o.getDecidedAt()));
    fields.put("traceparent", record.traceparent());
    fields.put("at", List.of(record.topic(), record.partition(), record.offset()));
    return fields;
  }

  private static Map<String, @Nullable Object> attempt(Attempt a) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("attemptId", a.getAttemptId());
    fields.put("attemptNo", a.getAttemptNo());
    fields.put("kind", a.getKind().name());
    fields.put("sent", a.getSent());
    fields.put("reply", text(a.getReply()));
    fields.put("venueCode", a.getVenueCode());
    fields.put("venueMessage", a.getVenueMessage());
    fields.put("startedAt", text(a.getStartedAt()));
    fields.put("sentAt", text(a.getSentAt()));
    fields.put("repliedAt", text(a.getRepliedAt()));
    return fields;
  }

  private static List<Object> place(Evidence e) {
    return List.of(e.getTopic(), e.getPartition(), e.getOffset());
  }

  private static @Nullable String text(@Nullable Object value) {
    return Objects.toString(value, null);
  }
}
