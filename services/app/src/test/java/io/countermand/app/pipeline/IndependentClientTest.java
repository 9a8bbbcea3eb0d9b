package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.countermand.domain.order.OrderRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that knows nothing of this project: plain kafka-clients, Confluent's serializers. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class IndependentClientTest {

  private final Pipeline pipeline;

  IndependentClientTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldPublishAnIntentAndReadItsOutcome() throws Exception {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    String cancelId = Pipeline.id();
    Schema schema = registeredSchema();
    GenericRecord intent =
        new GenericRecordBuilder(schema)
            .set("cancelId", cancelId)
            .set("venue", order.venue())
            .set("account", order.account())
            .set("orderId", order.orderId())
            .set("createdAt", Instant.now().toEpochMilli() * 1000)
            .build();
    // When
    try (var producer = new KafkaProducer<String, Object>(producer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "cancel-intents", "crosstrade/Sim101/" + order.orderId(), intent))
          .get();
    }
    // Then
    try (var consumer = new KafkaConsumer<String, GenericRecord>(consumer())) {
      consumer.subscribe(List.of("cancel-outcomes"));
      GenericRecord outcome =
          Awaitility.await()
              .atMost(Duration.ofSeconds(120))
              .until(
                  () -> {
                    for (var record : consumer.poll(Duration.ofMillis(200))) {
                      var cancel = (GenericData.Record) record.value().get("cancel");
                      if (cancelId.equals(cancel.get("cancelId").toString())) {
                        return record.value();
                      }
                    }
                    return null;
                  },
                  found -> found != null);
      assertThat(outcome.get("result").toString()).isEqualTo("CANCELED");
    }
  }

  private Schema registeredSchema() throws Exception {
    try (var registry =
        new io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient(
            pipeline.stack().connection().registryUrl(), 10)) {
      return new Schema.Parser()
          .parse(registry.getLatestSchemaMetadata("cancel-intents-value").getSchema());
    }
  }

  private Properties producer() {
    var settings = common();
    settings.put("key.serializer", StringSerializer.class);
    settings.put("value.serializer", KafkaAvroSerializer.class);
    settings.put("auto.register.schemas", "false");
    settings.put("use.latest.version", "true");
    return settings;
  }

  private Properties consumer() {
    var settings = common();
    settings.put("key.deserializer", StringDeserializer.class);
    settings.put("value.deserializer", KafkaAvroDeserializer.class);
    settings.put("group.id", "risk-" + Pipeline.id());
    settings.put("auto.offset.reset", "earliest");
    settings.put("isolation.level", "read_committed");
    return settings;
  }

  private Properties common() {
    var settings = new Properties();
    settings.put("bootstrap.servers", pipeline.stack().connection().bootstrapServers());
    settings.put("schema.registry.url", pipeline.stack().connection().registryUrl());
    return settings;
  }
}
