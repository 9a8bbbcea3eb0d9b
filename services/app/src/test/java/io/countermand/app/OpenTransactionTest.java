package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.codec.IntentCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody else writes intents in a transaction, and leaves it open. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class OpenTransactionTest {

  private static final String VENUE = "crosstrade";

  private final Pipeline pipeline;

  OpenTransactionTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldShowWhatItHoldsBackAndNeverCallWhatIsAborted() throws Exception {
    // Given
    OrderRef aborted = pipeline.place(VENUE);
    OrderRef behind = aborted; // the same key, so the same partition
    try (var producer = producer("10000")) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record(Pipeline.intent(aborted))).get();
      Intent intent = Pipeline.intent(behind);
      // When
      pipeline.publish(intent);
      // Then
      for (String role : new String[] {"desk", "ledger"}) {
        Awaitility.await(role + " shows it")
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () -> {
                  Scrape now = scrape();
                  assertThat(
                          now.sum(
                              "countermand_held_back_seconds",
                              "role",
                              role,
                              "topic",
                              Topics.INTENTS))
                      .isPositive();
                  assertThat(
                          now.sum(
                              "countermand_held_back_records",
                              "role",
                              role,
                              "topic",
                              Topics.INTENTS))
                      .isGreaterThanOrEqualTo(1);
                });
      }
      // When
      producer.abortTransaction();
      // Then
      assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
      assertThat(pipeline.cancelCalls(behind)).hasSize(1);
      Awaitility.await("it is over")
          .atMost(Duration.ofSeconds(30))
          .until(() -> scrape().sum("countermand_held_back_records", "topic", Topics.INTENTS) == 0);
    }
  }

  @Test
  void shouldRefuseAProducerThatWouldHoldItOpenForAMinute() {
    try (var producer = producer("60000")) {
      assertThatThrownBy(producer::initTransactions)
          .hasMessageContaining("transaction.max.timeout.ms");
    }
  }

  private Scrape scrape() throws Exception {
    try (var client = new OpsClient()) {
      return client.scrape(pipeline.stack().opsPorts());
    }
  }

  private KafkaProducer<byte[], byte[]> producer(String timeout) {
    var settings = pipeline.stack().connection().producer("stranger");
    settings.put("transactional.id", "stranger-" + Pipeline.id());
    settings.put("transaction.timeout.ms", timeout);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private ProducerRecord<byte[], byte[]> record(Intent intent) {
    try (var serdes = pipeline.stack().connection().serdes()) {
      return new ProducerRecord<>(
          Topics.INTENTS,
          intent.order().key().getBytes(StandardCharsets.UTF_8),
          serdes
              .serializer(CancelIntent.class)
              .serialize(Topics.INTENTS, IntentCodec.toAvro(intent)));
    }
  }
}
