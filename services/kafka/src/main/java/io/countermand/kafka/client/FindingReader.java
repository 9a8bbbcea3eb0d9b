package io.countermand.kafka.client;

import io.countermand.codec.FindingCodec;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.order.Evidence;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code outcome-findings} with read_committed: what is learned of cancels after their
 * outcomes, which stay as they were. At most one finding of each kind for a cancel; its outcome was
 * written before, in the same partition number of {@code cancel-outcomes}. Reads all partitions
 * without a group, so it disturbs nobody and keeps no place. One thread.
 */
public final class FindingReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FindingReader.class);

  private final EventSerdes serdes;
  private final Inbox<OutcomeFinding> inbox;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * A finding and where it stands.
   *
   * @param readAt when this reader got it
   */
  public record Read(Finding finding, Evidence at, Instant readAt) {}

  private FindingReader(EventSerdes serdes, KafkaConsumer<byte[], byte[]> consumer) {
    this.serdes = serdes;
    this.inbox = new Inbox<>(serdes.decoder(OutcomeFinding.class), Duration.ofSeconds(30));
    this.consumer = consumer;
  }

  /** From the first finding that is kept. */
  public static FindingReader fromBeginning(KafkaConnection connection) {
    FindingReader reader = open(connection);
    reader.consumer.seekToBeginning(reader.consumer.assignment());
    reader.position();
    return reader;
  }

  /** Only findings that come from now on. */
  public static FindingReader fromNow(KafkaConnection connection) {
    FindingReader reader = open(connection);
    reader.consumer.seekToEnd(reader.consumer.assignment());
    reader.position();
    return reader;
  }

  /** Findings written at that time or later. */
  public static FindingReader from(KafkaConnection connection, Instant time) {
    FindingReader reader = open(connection);
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

  private static FindingReader open(KafkaConnection connection) {
    Properties settings = connection.consumer("findings");
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(Topics.FINDINGS).stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList());
    return new FindingReader(connection.serdes(), consumer);
  }

  /** Seeks are lazy; this makes them happen now. */
  private void position() {
    consumer.assignment().forEach(consumer::position);
  }

  /** What came within the time; may be empty. A record that cannot be read is logged and left. */
  public List<Read> poll(Duration within) {
    List<Read> findings = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
      var at = new Evidence(record.topic(), record.partition(), record.offset());
      switch (inbox.read(record.topic(), record.value())) {
        case Decoded.Ok<OutcomeFinding>(OutcomeFinding value) ->
            findings.add(new Read(FindingCodec.fromAvro(value), at, Instant.now()));
        case Decoded.Poison<OutcomeFinding>(Decoded.Kind kind, String text) ->
            LOG.atError()
                .addKeyValue("record", at)
                .addKeyValue("kind", kind)
                .addKeyValue("text", text)
                .log("finding cannot be read");
      }
    }
    return findings;
  }

  @Override
  public void close() {
    consumer.close();
    serdes.close();
  }
}
