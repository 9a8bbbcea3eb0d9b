package io.countermand.platform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plain Kafka clients, for bytes. */
final class Clients {

  private Clients() {}

  static Admin admin(LocalPlatform platform) {
    return Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()));
  }

  /** A new topic of one partition. */
  static String topic(LocalPlatform platform) throws Exception {
    String name = "t-" + UUID.randomUUID();
    try (Admin admin = admin(platform)) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    }
    return name;
  }

  static KafkaProducer<byte[], byte[]> producer(LocalPlatform platform, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", platform.bootstrapServers());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static KafkaConsumer<byte[], byte[]> consumer(LocalPlatform platform, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", platform.bootstrapServers());
    config.put("group.id", UUID.randomUUID().toString());
    config.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
