package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record of a cancel, and where it stands. Immutable, if nobody changes the record.
 *
 * @param time of the record in Kafka
 * @param what the record; of cancel-progress what it tells
 * @param by role and instance; null: the topic has one writer, or says none
 * @param trace W3C Trace Context; null: none
 */
public record CancelRecord(
    String topic,
    int partition,
    long offset,
    Instant time,
    SpecificRecord what,
    @Nullable String by,
    @Nullable String trace) {

  static CancelRecord of(EventRecord<?> record, SpecificRecord what, @Nullable String by) {
    return new CancelRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.time(),
        what,
        by,
        record.traceparent());
  }

  /** As the command line shows places. */
  public String place() {
    return topic + "-" + partition + "@" + offset;
  }
}
