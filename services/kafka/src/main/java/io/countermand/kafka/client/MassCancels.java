package io.countermand.kafka.client;

import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for mass cancels, and hears the reports of all mass cancels that come from then on
 * (read_committed). One thread.
 */
public final class MassCancels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MassCancels.class);
  private static final TopicPartition REPORTS = new TopicPartition(Topics.MASS_REPORTS, 0);

  private final EventSerdes serdes;
  private final Publisher publisher;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Inbox<io.countermand.events.MassReport> inbox;

  /** Returns when it can miss no report. */
  public MassCancels(KafkaConnection connection) {
    this.serdes = connection.serdes();
    Properties settings = connection.consumer("mass-reports");
    settings.put("isolation.level", "read_committed");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(REPORTS));
    consumer.seekToEnd(List.of(REPORTS));
    long _ = consumer.position(REPORTS);
    this.inbox =
        new Inbox<>(serdes.decoder(io.countermand.events.MassReport.class), Duration.ofSeconds(30));
    this.publisher = new Publisher(connection);
  }

  /**
   * Returns when it is durable.
   *
   * @throws IllegalStateException if nobody knows whether it is; the same id again is the same mass
   *     cancel
   */
  public void ask(MassCancel mass) throws InterruptedException {
    publisher.publish(mass);
  }

  /** What came within the time; may be empty. */
  public List<MassReport> poll(Duration within) {
    List<MassReport> reports = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(within)) {
      switch (inbox.read(record.topic(), record.value())) {
        case Decoded.Ok<io.countermand.events.MassReport>(var value) ->
            reports.add(MassCodec.fromAvro(value));
        case Decoded.Poison<io.countermand.events.MassReport>(Decoded.Kind kind, String text) ->
            LOG.atError()
                .addKeyValue("offset", record.offset())
                .addKeyValue("kind", kind)
                .addKeyValue("text", text)
                .log("report cannot be read");
      }
    }
    return reports;
  }

  @Override
  public void close() {
    publisher.close();
    consumer.close();
    serdes.close();
  }

  /** Publishes mass cancels, kill switches and their releases under the right key. Thread-safe. */
  public static final class Publisher implements AutoCloseable {

    private final EventSerdes serdes;
    private final Producer<byte[], byte[]> producer;

    /** Connects in the background. */
    public Publisher(KafkaConnection connection) {
      this.serdes = connection.serdes();
      this.producer =
          new KafkaProducer<>(
              connection.producer("mass-cancels"),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }

    /**
     * Returns when it is durable.
     *
     * @throws IllegalStateException if nobody knows whether it is; the same id again is the same
     *     mass cancel
     */
    public void publish(MassCancel mass) throws InterruptedException {
      byte[] value =
          serdes
              .serializer(io.countermand.events.MassCancel.class)
              .serialize(Topics.MASS_CANCELS, MassCodec.toAvro(mass));
      byte[] key = mass.massId().getBytes(StandardCharsets.UTF_8);
      try {
        var _ = producer.send(new ProducerRecord<>(Topics.MASS_CANCELS, key, value)).get();
      } catch (ExecutionException | KafkaException e) {
        throw new IllegalStateException(
            "nobody knows whether the mass cancel was written: " + e.getCause(), e);
      }
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(10));
      serdes.close();
    }
  }
}
