package io.countermand.audit.source;

import io.countermand.events.serde.EventSerdes;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where recorded topics are read from: a cluster, or an archive. Safe for several threads. */
public interface RecordSource extends AutoCloseable {

  /**
   * What is there of a partition.
   *
   * @param start 0 unless retention took what was before
   * @param first first offset that can be read
   * @param end behind the last
   */
  record Span(int partition, long start, long first, long end) {}

  /** In words, for the report. */
  String name();

  Set<String> topics();

  /** By partition; empty: no such topic. */
  List<Span> spans(String topic);

  /** First offset whose record was written at or after the time; the end if there is none. */
  long offsetAt(String topic, Span span, Instant time);

  /** Committed records in [from, to), by offset. */
  void read(
      String topic,
      int partition,
      long from,
      long to,
      Consumer<ConsumerRecord<byte[], byte[]>> each);

  EventSerdes serdes();

  /** When this was as it is: now, or when the archive was made. */
  Instant asOf();

  /** Failing to close is no news to anybody. */
  @Override
  void close();
}
