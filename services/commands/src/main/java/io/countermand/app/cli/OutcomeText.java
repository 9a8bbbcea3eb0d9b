package io.countermand.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.client.EventRecord;
import io.countermand.client.OutcomeFields;
import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelOutcome;
import io.countermand.kafka.client.OutcomeReader;
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

  /** By names that stay, those of {@link OutcomeFields}. */
  public static Map<String, @Nullable Object> fields(OutcomeReader.Read read) {
    return OutcomeFields.of(
        new EventRecord<>(
            OutcomeCodec.toAvro(read.outcome()),
            read.at().topic(),
            read.at().partition(),
            read.at().offset(),
            read.readAt(),
            read.trace() == null ? null : read.trace().traceparent()));
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
}
