package io.countermand.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.client.EventRecord;
import io.countermand.client.OutcomeReader;
import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.Attempt;
import io.countermand.domain.Evidence;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.events.CancelOutcome;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Outcomes for people and for scripts. */
public final class OutcomeText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private OutcomeText() {}

  public static String line(OutcomeReader.Read read) {
    Outcome o = read.outcome();
    return "%s %-10s %-24s %s cancelId=%s executed=%s attempts=%d: %s"
        .formatted(
            o.decidedAt(),
            o.result(),
            o.reason(),
            o.cancel().order().key(),
            o.cancel().cancelId(),
            o.executedQty() == null ? "?" : o.executedQty().toPlainString(),
            o.attempts().size(),
            o.text());
  }

  public static OutcomeReader.Read read(EventRecord<CancelOutcome> record) {
    return new OutcomeReader.Read(
        OutcomeCodec.fromAvro(record.value()),
        new Evidence(record.topic(), record.partition(), record.offset()),
        Instant.now(),
        TraceContext.parse(record.traceparent(), null));
  }

  public static String json(OutcomeReader.Read read) {
    return write(fields(read));
  }

  /** By names that stay. */
  public static Map<String, @Nullable Object> fields(OutcomeReader.Read read) {
    Outcome o = read.outcome();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("cancelId", o.cancel().cancelId());
    fields.put("venue", o.cancel().order().venue());
    fields.put("account", o.cancel().order().account());
    fields.put("orderId", o.cancel().order().orderId());
    fields.put("orderName", o.cancel().orderName());
    fields.put("strategyId", o.cancel().strategyId());
    fields.put("result", o.result().name());
    fields.put("reason", o.reason().name());
    fields.put("text", o.text());
    fields.put("cxlRejReason", Objects.toString(o.cxlRejReason(), null));
    fields.put("ordStatus", Objects.toString(o.ordStatus(), null));
    fields.put("rawStatus", o.rawStatus());
    fields.put("executedQty", o.executedQty() == null ? null : o.executedQty().toPlainString());
    fields.put("decidedBy", o.decidedBy().name());
    fields.put("joinedTo", o.joinedTo());
    fields.put("successor", o.successor());
    fields.put("attempts", o.attempts().stream().map(OutcomeText::attempt).toList());
    fields.put(
        "evidence",
        o.evidence().stream().map(e -> List.of(e.topic(), e.partition(), e.offset())).toList());
    fields.put("createdAt", o.cancel().createdAt().toString());
    fields.put("deadline", o.cancel().deadline().toString());
    fields.put("decidedAt", o.decidedAt().toString());
    fields.put("traceparent", read.trace() == null ? null : read.trace().traceparent());
    fields.put("at", List.of(read.at().topic(), read.at().partition(), read.at().offset()));
    return fields;
  }

  /** An intent that is durable, for a script that asks for its outcome later. */
  public static String published(Intent intent, RecordMetadata at) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("cancelId", intent.cancelId());
    fields.put("venue", intent.order().venue());
    fields.put("account", intent.order().account());
    fields.put("orderId", intent.order().orderId());
    fields.put("orderName", intent.orderName());
    fields.put("strategyId", intent.strategyId());
    fields.put("deadline", Objects.toString(intent.deadline(), null));
    fields.put("at", List.of(at.topic(), at.partition(), at.offset()));
    return write(fields);
  }

  public static String write(Map<String, @Nullable Object> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, @Nullable Object> attempt(Attempt a) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("attemptId", a.attemptId());
    fields.put("attemptNo", a.attemptNo());
    fields.put("kind", a.kind().name());
    fields.put("sent", a.sent());
    fields.put("reply", Objects.toString(a.reply(), null));
    fields.put("venueCode", a.venueCode());
    fields.put("venueMessage", a.venueMessage());
    fields.put("startedAt", Objects.toString(a.startedAt(), null));
    fields.put("sentAt", Objects.toString(a.sentAt(), null));
    fields.put("repliedAt", Objects.toString(a.repliedAt(), null));
    return fields;
  }
}
