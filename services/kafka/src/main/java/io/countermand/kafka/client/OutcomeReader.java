package io.countermand.kafka.client;

import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code cancel-outcomes} with read_committed: what it gives is final. Reads all partitions
 * without a group, so it disturbs nobody and keeps no place. One thread.
 */
public final class OutcomeReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReader.class);

  private final EventSerdes serdes;
  private final Inbox<CancelOutcome> inbox;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * An outcome and where it stands.
   *
   * @param readAt when this reader got it
   * @param trace the ledger's span in the trace of the intent; null: the intent had none
   */
  public record Read(Outcome outcome, Evidence at, Instant readAt, @Nullable TraceContext trace) {}

  private OutcomeReader(EventSerdes serdes, KafkaConsumer<byte[], byte[]> consumer) {
    this.serdes = serdes;
    this.inbox = new Inbox<>(serdes.decoder(CancelOutcome.class), Duration.ofSeconds(30));
    this.consumer = consumer;
  }

  /** From the first outcome that is kept. */
  public static OutcomeReader fromBeginning(KafkaConnection connection) {
    OutcomeReader reader = open(connection);
    reader.consumer.seekToBeginning(reader.consumer.assignment());
    reader.position();
    return reader;
  }

  /** Only outcomes that come from now on. */
  public static OutcomeReader fromNow(KafkaConnection connection) {
    OutcomeReader reader = open(connection);
    reader.consumer.seekToEnd(reader.consumer.assignment());
    reader.position();
    return reader;
  }

  /** Outcomes written at that time or later. */
  public static OutcomeReader from(KafkaConnection connection, Instant time) {
    OutcomeReader reader = open(connection);
    Map<TopicPartition, Long> times = new HashMap<>();
    reader.consumer.assignment().forEach(p -> times.put(p, time.toEpochMilli()));
    reader
        .consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, offset) -> {
              if (offset == null) {
                reader.consumer.seekToEnd(List.of(partition));
              } else {
                reader.consumer.seek(partition, offset.offset());
              }
            });
    reader.position();
    return reader;
  }

  private static OutcomeReader open(KafkaConnection connection) {
    Properties settings = connection.consumer("outcomes");
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(Topics.OUTCOMES).stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList());
    return new OutcomeReader(connection.serdes(), consumer);
  }

  /** Seeks are lazy; this makes them happen now. */
  private void position() {
    consumer.assignment().forEach(consumer::position);
  }

  /** What came within the time; may be empty. */
  public List<Read> poll(Duration within) {
    List<Read> outcomes = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
      var at = new Evidence(record.topic(), record.partition(), record.offset());
      switch (inbox.read(record.topic(), record.value())) {
        case Decoded.Ok<CancelOutcome>(CancelOutcome value) -> {
          try {
            outcomes.add(
                new Read(
                    OutcomeCodec.fromAvro(value),
                    at,
                    Instant.now(),
                    TraceHeaders.read(record.headers())));
          } catch (RuntimeException e) { // no reason to lose those behind it
            LOG.atError()
                .addKeyValue("record", at)
                .setCause(e)
                .log("outcome makes no sense, passed over");
          }
        }
        case Decoded.Poison<CancelOutcome>(Decoded.Kind kind, String text) ->
            LOG.atError()
                .addKeyValue("record", at)
                .addKeyValue("kind", kind)
                .addKeyValue("text", text)
                .log("outcome cannot be read");
      }
    }
    return outcomes;
  }

  /**
   * What is committed by now and was not read before: reads on to the end that each partition has
   * at this moment, however long that takes.
   */
  public List<Read> rest() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    List<Read> outcomes = new ArrayList<>();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      outcomes.addAll(poll(Duration.ofMillis(100)));
    }
    return outcomes;
  }

  @Override
  public void close() {
    consumer.close();
    serdes.close();
  }
}
