package io.countermand.app.faults;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.Intent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.TopicSpec;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Extreme and broken records on every topic that a role reads, with good cancels in between. */
final class Flood implements AutoCloseable {

  static final List<String> TOPICS =
      List.of(
          Topics.INTENTS,
          Topics.ORDER_EVENTS,
          Topics.RETRIES,
          Topics.PROGRESS,
          Topics.OUTCOMES,
          Topics.PAUSES);

  private static final String VENUE = "crosstrade";

  /** Far from all that a registry gives. */
  private static final int UNKNOWN = 1_000_000;

  private final Pipeline pipeline;
  private final SplittableRandom random;
  private final ExtremeValues values;
  private final ExtremeValues others;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, Class<? extends SpecificRecord>> types = new LinkedHashMap<>();
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<RecordMetadata> intents = new ConcurrentLinkedQueue<>();
  private final List<Intent> good = new ArrayList<>();

  Flood(Pipeline pipeline, long seed) throws Exception {
    this.pipeline = pipeline;
    this.random = new SplittableRandom(seed);
    this.values = new ExtremeValues(random, List.of(VENUE, "cadenza"), 40);
    // A pause of a venue that is configured would be believed.
    this.others = new ExtremeValues(random, List.of("nowhere"), 40);
    this.producer =
        new KafkaProducer<>(
            pipeline.stack().connection().producer("flood"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try (var registry =
        new CachedSchemaRegistryClient(pipeline.stack().connection().registryUrl(), 100)) {
      for (TopicSpec topic : Settings.catalogue(pipeline.stack().config()).topics()) {
        types.put(topic.name(), topic.valueType());
        ids.put(
            topic.name(), registry.getId(topic.subject(), EventSerdes.schemaOf(topic.valueType())));
      }
    }
  }

  /**
   * Writes so many, spread over all topics, and a good cancel after each {@code every} of them;
   * returns when Kafka has them.
   */
  void write(int records, int every) {
    for (int i = 0; i < records; i++) {
      if (i % every == 0) {
        Intent intent = Pipeline.patient(pipeline.place(VENUE));
        good.add(intent);
        pipeline.publish(intent);
      }
      String topic = TOPICS.get(random.nextInt(TOPICS.size()));
      var record = new ProducerRecord<>(topic, key(), value(topic));
      headers(record);
      send(record);
    }
    producer.flush();
  }

  /** Writes so many records, each with a schema id of its own that nobody knows. */
  void unknown(int many) {
    for (int i = 0; i < many; i++) {
      String topic = TOPICS.get(random.nextInt(TOPICS.size() - 1)); // a pause holds up no key
      byte[] value = values.value(ids.get(topic), types.get(topic));
      ByteBuffer.wrap(value).putInt(1, UNKNOWN + i);
      send(new ProducerRecord<>(topic, key(), value));
    }
    producer.flush();
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    producer.send(
        record,
        (at, error) -> {
          if (error == null && record.topic().equals(Topics.INTENTS)) {
            intents.add(at);
          }
        });
  }

  /** The good ones, in the order of their publication. */
  List<Intent> good() {
    return good;
  }

  /** Where the others lie on {@code cancel-intents}. */
  List<RecordMetadata> bad() {
    return List.copyOf(intents);
  }

  private byte[] key() {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> values.bytes(random.nextInt(40));
      case 3 -> values.bytes(random.nextInt(3000));
      default ->
          (VENUE + "/" + ExtremeValues.ACCOUNT + "/order-" + random.nextInt(40))
              .getBytes(StandardCharsets.UTF_8);
    };
  }

  private byte[] value(String topic) {
    byte[] value =
        (topic.equals(Topics.PAUSES) ? others : values).value(ids.get(topic), types.get(topic));
    return switch (random.nextInt(16)) {
      case 0 -> values.bytes(random.nextInt(300));
      case 1 -> {
        String other = TOPICS.get(random.nextInt(TOPICS.size()));
        yield values.value(ids.get(other), types.get(other));
      }
      case 2 -> {
        value[5 + random.nextInt(value.length - 5)] ^= (byte) (1 << random.nextInt(8));
        yield topic.equals(Topics.PAUSES) ? null : value;
      }
      case 3 -> {
        value[4] = (byte) (50 + random.nextInt(6)); // an id that nobody knows
        yield value;
      }
      default -> value;
    };
  }

  private void headers(ProducerRecord<byte[], byte[]> record) {
    int many = random.nextInt(30) == 0 ? 300 : random.nextInt(3);
    for (int i = 0; i < many; i++) {
      switch (random.nextInt(4)) {
        case 0 -> record.headers().add("traceparent", values.bytes(random.nextInt(60)));
        case 1 ->
            record
                .headers()
                .add(
                    "countermand-moved-from",
                    (record.topic() + "-0@" + random.nextInt(100))
                        .getBytes(StandardCharsets.UTF_8));
        case 2 -> record.headers().add("", null);
        default -> record.headers().add("\u2603".repeat(random.nextInt(20)), values.bytes(50));
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
