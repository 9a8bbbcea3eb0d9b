package io.countermand.bench.peers;

import io.countermand.bench.call.PeerSettings;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes results, without waiting for the broker. Thread-safe. */
final class Results implements AutoCloseable {

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;

  Results(PeerSettings settings) {
    this.topic = settings.results();
    this.producer =
        new KafkaProducer<>(
            settings.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  void send(byte[] key, byte[] result) {
    var _ = producer.send(new ProducerRecord<>(topic, key, result));
  }

  @Override
  public void close() {
    producer.close();
  }
}
