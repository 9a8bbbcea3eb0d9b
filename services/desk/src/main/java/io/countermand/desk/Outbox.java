package io.countermand.desk;

import io.countermand.domain.TraceContext;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelProgress;
import io.countermand.events.DeadLetterReason;
import io.countermand.kafka.Placement;
import io.countermand.kafka.deadletter.DeadLetters;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Sends what the desk decided. */
final class Outbox {

  private final ProcessorContext<byte[], OutputRecord> context;
  private final DeadLetters deadLetters;
  private final DeskMeters meters;
  private final boolean silent;

  Outbox(ProcessorContext<byte[], OutputRecord> context, String by, DeskMeters meters) {
    this(context, new DeadLetters(by, meters.deadLetters()), meters, false);
  }

  private Outbox(
      ProcessorContext<byte[], OutputRecord> context,
      DeadLetters deadLetters,
      DeskMeters meters,
      boolean silent) {
    this.context = context;
    this.deadLetters = deadLetters;
    this.meters = meters;
    this.silent = silent;
  }

  /** For what another group of desks answers for: sends nothing. */
  Outbox silent() {
    return new Outbox(context, deadLetters, meters, true);
  }

  /** Whether it sends nothing. */
  boolean isSilent() {
    return silent;
  }

  /** Where the record at hand stands. */
  Evidence at() {
    RecordMetadata meta = context.recordMetadata().orElseThrow();
    return new Evidence(meta.topic(), meta.partition(), meta.offset());
  }

  void send(String topic, String key, SpecificRecord value) {
    send(topic, key, value, TraceHeaders.of(null));
  }

  void send(String topic, String key, SpecificRecord value, @Nullable TraceContext trace) {
    send(topic, key, value, TraceHeaders.of(trace));
  }

  /**
   * A decision.
   *
   * @param place null: under no lease, and no call's marker
   */
  void decided(
      String key,
      CancelProgress decision,
      Lease.@Nullable Place place,
      @Nullable TraceContext trace) {
    Headers headers = TraceHeaders.of(trace);
    if (place != null) {
      LeaseRecords.add(headers, place);
    }
    send(Topics.PROGRESS, key, decision, headers);
  }

  private void send(String topic, String key, SpecificRecord value, Headers headers) {
    if (silent) {
      return;
    }
    context.forward(
        new Record<>(
            key.getBytes(StandardCharsets.UTF_8), new OutputRecord(topic, value), now(), headers));
  }

  /** A task's lease, to its partition of the progress. */
  void lease(Lease lease, int partition) {
    context.forward(
        new Record<>(
            null,
            new OutputRecord(Topics.PROGRESS, null, partition),
            now(),
            LeaseRecords.headers(lease)));
  }

  /** The table no longer knows this order. */
  void forgotten(String key) {
    if (silent) {
      return;
    }
    context.forward(
        new Record<>(
            key.getBytes(StandardCharsets.UTF_8),
            OutputRecord.tombstone(Topics.ORDER_STATES),
            now()));
  }

  void deadLetter(
      Record<byte[], byte[]> record, Evidence at, DeadLetterReason reason, String text) {
    if (silent) {
      return;
    }
    context.forward(
        new Record<>(
            DeadLetters.key(record.key()),
            new OutputRecord(
                Topics.DEAD_LETTERS,
                deadLetters.of(at, record.timestamp(), record.key(), record.value(), reason, text)),
            now(),
            TraceHeaders.same(record.headers())));
  }

  /**
   * Publishes a record again under its right key.
   *
   * @param moves from where it was moved before
   */
  void move(
      Record<byte[], byte[]> record,
      Evidence at,
      String key,
      SpecificRecord value,
      Set<String> moves) {
    if (silent) {
      return;
    }
    meters.moved();
    var headers = TraceHeaders.same(record.headers());
    for (String place : moves) {
      headers.add(Placement.MOVED_FROM, place.getBytes(StandardCharsets.UTF_8));
    }
    headers.add(Placement.MOVED_FROM, Placement.movedFrom(at));
    context.forward(
        new Record<>(
            key.getBytes(StandardCharsets.UTF_8),
            new OutputRecord(at.topic(), value),
            now(),
            headers));
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
