package io.countermand.app.lookup;

import io.countermand.events.DeadLetter;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The dead letters, and how one is sent once more to where it came from. One thread. */
public final class DeadLetterBox implements AutoCloseable {

  /** Headers of a record that is sent once more: who, why, and which dead letter it was. */
  static final String BY = "countermand-requeued-by";

  static final String WHY = "countermand-requeued-why";
  static final String FROM = "countermand-requeued-from";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EventSerdes serdes;
  private final TopicScan scan;
  private final KafkaConnection connection;

  /**
   * Made for the first record that is sent again. A producer asks for its id at once; who may only
   * read is refused it, of which Kafka's client makes an error in the log when it is closed.
   */
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /** Whether the last record is not known to be sent. */
  private boolean failed;

  /**
   * @param place as {@code dead-letters-0@17}
   */
  public record Entry(String place, DeadLetter letter) {

    String source() {
      var at = letter.getSource();
      return at.getTopic() + "-" + at.getPartition() + "@" + at.getOffset();
    }

    boolean named(String name) {
      return place.equals(name) || source().equals(name);
    }
  }

  public DeadLetterBox(KafkaConnection connection) {
    this.serdes = connection.serdes();
    this.scan = new TopicScan(connection);
    this.connection = connection;
  }

  private KafkaProducer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              connection.producer("requeue"), new ByteArraySerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  /** Oldest first within each partition; what cannot be read is left out. */
  List<Entry> entries(@Nullable Instant since) {
    var decoder = serdes.decoder(DeadLetter.class);
    List<Entry> entries = new ArrayList<>();
    scan.all(
        Topics.DEAD_LETTERS,
        since,
        record -> {
          if (decoder.decode(record.topic(), record.value())
              instanceof Decoded.Ok<DeadLetter>(DeadLetter letter)) {
            String place = record.topic() + "-" + record.partition() + "@" + record.offset();
            entries.add(new Entry(place, letter));
          }
        });
    return entries;
  }

  /**
   * Sends it as it was: from its own topic while it stands there, else from the dead letter if that
   * has it whole.
   *
   * @throws IllegalStateException if it is not to be had any more, or Kafka does not take it
   */
  public RecordMetadata requeue(Entry entry, String who, String why) throws InterruptedException {
    DeadLetter letter = entry.letter();
    var at = letter.getSource();
    ConsumerRecord<byte[], byte[]> kept =
        scan.one(at.getTopic(), at.getPartition(), at.getOffset());
    var headers = new RecordHeaders();
    if (kept != null) {
      kept.headers().forEach(headers::add);
    }
    headers.remove(BY).remove(WHY).remove(FROM);
    headers.add(BY, who.getBytes(StandardCharsets.UTF_8));
    headers.add(WHY, why.getBytes(StandardCharsets.UTF_8));
    headers.add(FROM, entry.place().getBytes(StandardCharsets.UTF_8));
    byte[] value = kept == null ? whole(entry) : kept.value();
    byte[] key = kept == null ? bytes(letter.getKey()) : kept.key();
    failed = true;
    try {
      RecordMetadata sent =
          producer().send(new ProducerRecord<>(at.getTopic(), null, key, value, headers)).get();
      failed = false;
      return sent;
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          entry.place() + " is not known to be sent: " + cause.getMessage(), e);
    }
  }

  private static byte @Nullable [] whole(Entry entry) {
    byte[] value = bytes(entry.letter().getValue());
    if (value != null && value.length != entry.letter().getValueSize()) {
      throw new IllegalStateException(
          entry.place() + " cannot be sent again: its source is not kept any more, and it was cut");
    }
    return value;
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    if (producer != null) {
      // Each record was waited for. After a failure Kafka's client would try to abort a
      // transaction, of which it has none, and say so as an error.
      producer.close(failed ? Duration.ZERO : PATIENCE);
    }
    scan.close();
    serdes.close();
  }
}
