package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.RequestKind;
import io.countermand.domain.Requester;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random and mutated records on every topic that a part reads; the well-formed intents in between
 * are answered all the same.
 */
@Tag("pipeline")
@Tag("fuzz")
@ExtendWith(PipelineExtension.class)
class FuzzTest {

  /** On each topic: 5,000 in the long run of the fuzz. */
  private static final int RECORDS =
      Math.min(5_000, Integer.getInteger("countermand.fuzz.rounds", 25_000) / 10);

  private static final int EVERY = 100;
  private static final long MOST_MORE_HEAP = 128L * 1024 * 1024;
  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");
  private static final OrderRef VICTIM = new OrderRef("crosstrade", "Sim101", "fuzz");

  private final Pipeline pipeline;

  FuzzTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @ParameterizedTest
  @ValueSource(strings = {Topics.INTENTS, Topics.ORDER_EVENTS, Topics.PROGRESS, Topics.RETRIES})
  @Timeout(300)
  void shouldAnswerTheWellFormedInBetween(String topic) throws Exception {
    // Given
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    List<Intent> intents = new ArrayList<>();
    long before = heap();
    // When
    try (EventSerdes serdes = pipeline.stack().connection().serdes();
        var producer =
            new KafkaProducer<byte[], byte[]>(
                pipeline.stack().connection().producer("fuzz"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      List<byte[]> samples = samples(serdes, topic);
      for (int i = 0; i < RECORDS; i++) {
        producer.send(
            new ProducerRecord<>(topic, key(random), mutated(samples, random)),
            (metadata, error) -> {});
        if (i % EVERY == 0) {
          Intent intent = Pipeline.patient(pipeline.place("crosstrade"));
          intents.add(intent);
          pipeline.publish(intent);
        }
      }
    }
    // Then
    for (Intent intent : intents) {
      assertThat(pipeline.await(intent.cancelId()).result())
          .as("seed %d, topic %s, %s", seed, topic, intent.cancelId())
          .isEqualTo(CancelResult.CANCELED);
      assertThat(pipeline.outcomesOf(intent.cancelId())).as("seed " + seed).hasSize(1);
    }
    assertThat(heap() - before).as("heap grown, seed " + seed).isLessThan(MOST_MORE_HEAP);
  }

  private static byte[] key(SplittableRandom random) {
    return random.nextInt(4) == 0
        ? bytes(random, random.nextInt(40))
        : (VICTIM.key() + random.nextInt(50)).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] mutated(List<byte[]> samples, SplittableRandom random) {
    byte[] sample = samples.get(random.nextInt(samples.size())).clone();
    switch (random.nextInt(8)) {
      case 0 -> {
        return null;
      }
      case 1 -> {
        return bytes(random, random.nextInt(300));
      }
      case 2 -> { // right schema, random body
        byte[] body = bytes(random, 5 + random.nextInt(300));
        System.arraycopy(sample, 0, body, 0, 5);
        return body;
      }
      case 3 -> { // a length of up to 2^62 bytes
        byte[] body = bytes(random, 40);
        System.arraycopy(sample, 0, body, 0, 5);
        for (int i = 5; i < 5 + random.nextInt(9); i++) {
          body[i] = (byte) 0xff;
        }
        return body;
      }
      case 4 -> {
        return java.util.Arrays.copyOf(sample, random.nextInt(sample.length));
      }
      case 5 -> {
        return java.util.Arrays.copyOf(sample, sample.length + 1 + random.nextInt(10));
      }
      case 6 -> {
        ByteBuffer.wrap(sample).putInt(1, random.nextInt(100));
        return sample;
      }
      default -> {
        for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
          sample[5 + random.nextInt(sample.length - 5)] ^= (byte) (1 << random.nextInt(8));
        }
        return sample;
      }
    }
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static List<byte[]> samples(EventSerdes serdes, String topic) {
    var requester = new Requester("a", "t", "d", "c", "why");
    var intent =
        new Intent(
            "fuzz-cancel",
            VICTIM,
            null,
            null,
            "cl",
            NOW,
            false,
            true,
            requester,
            Map.of("k", "v"),
            NOW);
    var cancel =
        new Cancel(
            "fuzz-cancel",
            VICTIM,
            null,
            null,
            "cl",
            false,
            true,
            requester,
            NOW,
            NOW.plusSeconds(9),
            NOW,
            new Evidence(Topics.INTENTS, 0, 1),
            intent.digest());
    List<SpecificRecord> records =
        switch (topic) {
          case Topics.INTENTS -> List.of(IntentCodec.toAvro(intent));
          case Topics.ORDER_EVENTS ->
              List.of(
                  OrderCodec.toAvro(
                      new OrderEvent(
                          VICTIM,
                          "cl",
                          OrdStatus.PARTIALLY_FILLED,
                          "PartFilled",
                          BigDecimal.TEN,
                          BigDecimal.ONE,
                          new BigDecimal("9"),
                          BigDecimal.ONE,
                          NOW,
                          3L,
                          false,
                          "feed:crosstrade",
                          null,
                          NOW)));
          case Topics.PROGRESS ->
              List.of(
                  ProgressCodec.decided(cancel, new DeskDecision.Route(null), NOW, "desk"),
                  ProgressCodec.started(
                      cancel, "a1", 1, RequestKind.CANCEL, cancel.intent(), NOW, "desk"),
                  ProgressCodec.timer(cancel, NOW, NOW, "ledger"));
          default ->
              List.of(
                  IntentCodec.toAvro(new CancelRequest(cancel, RequestKind.CANCEL, 1, null, NOW)));
        };
    return records.stream()
        .map(record -> serdes.serializer(SpecificRecord.class).serialize(topic, record))
        .toList();
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
