package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.CancelProgress;
import io.countermand.platform.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A desk and a reader of the first schema version, live beside the ledger of the newest: what they
 * write counts, and what is new does not disturb them.
 */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class OldVersionTest {

  private static final String VENUE = "cadenza";
  private static final Path FIRST =
      Path.of("../../schemas/events/src/test/resources/compat/v1/CancelProgress.avsc");

  private final Pipeline pipeline;
  private final Schema first;
  private final Map<String, Object> registry;

  OldVersionTest(Pipeline pipeline) throws IOException {
    this.pipeline = pipeline;
    this.first = new Schema.Parser().parse(FIRST.toFile());
    this.registry =
        Map.of(
            "schema.registry.url",
            pipeline.stack().connection().registryUrl(),
            "auto.register.schemas",
            true);
  }

  @Test
  void shouldTakeTheWordOfADeskOfTheFirstVersion() throws Exception {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.patient(order);
    pipeline.stack().stop("desk");
    try {
      Cancel cancel = published(intent);
      // When
      Evidence at = cancel.intent();
      Instant now = Instant.now();
      write(ProgressCodec.decided(cancel, new DeskDecision.Route(null), now, "desk-old"));
      write(ProgressCodec.started(cancel, "a-old", 1, RequestKind.CANCEL, at, now, "desk-old"));
      write(
          ProgressCodec.replied(
              cancel,
              "a-old",
              1,
              RequestKind.CANCEL,
              new Reply.Canceled(ReplyDetails.NOTHING),
              at,
              true,
              now,
              null,
              null,
              now,
              "desk-old"));
      // Then
      var outcome = pipeline.await(intent.cancelId());
      assertThat(outcome.result()).isEqualTo(CancelResult.CANCELED);
      assertThat(outcome.attempts()).extracting("attemptId").containsExactly("a-old");
    } finally {
      pipeline.stack().start("desk");
      pipeline.stack().awaitReady();
    }
  }

  @Test
  void shouldBeReadableForTheFirstVersion() {
    // Given
    Intent intent = Pipeline.intent(pipeline.place("crosstrade"));
    pipeline.cancel(intent);
    // When
    Set<String> kinds;
    try (var reader = new KafkaAvroDeserializer()) {
      reader.configure(registry, false);
      kinds =
          pipeline.read(Topics.PROGRESS).stream()
              .filter(
                  record ->
                      record.key() != null // else it is a lease, and nothing to the first version
                          && new String(record.key(), StandardCharsets.UTF_8)
                              .contains(intent.order().orderId()))
              .map(
                  record ->
                      (GenericRecord) reader.deserialize(record.topic(), record.value(), first))
              .map(progress -> ((GenericRecord) progress.get("what")).getSchema().getName())
              .collect(Collectors.toSet());
    }
    // Then
    assertThat(kinds).contains("Routed", "AttemptReplied");
    assertThat(first.toString()).doesNotContain("requestRecord"); // else it is not the old one
  }

  /** As a desk reads it back. */
  private Cancel published(Intent intent) {
    RecordMetadata at = pipeline.publish(intent);
    var check = Settings.intentCheck(pipeline.stack().config());
    var evidence = new Evidence(at.topic(), at.partition(), at.offset());
    var checked = check.check(intent, evidence, Instant.ofEpochMilli(at.timestamp()));
    return ((IntentCheck.WellFormed) checked).cancel();
  }

  /** As the first version would have written it. */
  private void write(CancelProgress progress) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new SpecificDatumWriter<CancelProgress>(
            progress.getSchema(), SpecificData.getForClass(CancelProgress.class))
        .write(progress, encoder);
    GenericRecord old =
        new GenericDatumReader<GenericRecord>(progress.getSchema(), first)
            .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    try (var serializer = new KafkaAvroSerializer();
        var producer =
            new KafkaProducer<>(
                pipeline.stack().connection().producer("desk-old"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      serializer.configure(registry, false);
      String key =
          VENUE + "/" + progress.getCancel().getAccount() + "/" + progress.getCancel().getOrderId();
      producer
          .send(
              new ProducerRecord<>(
                  Topics.PROGRESS,
                  key.getBytes(StandardCharsets.UTF_8),
                  serializer.serialize(Topics.PROGRESS, old)))
          .get();
    }
  }
}
