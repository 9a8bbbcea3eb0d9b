package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.observe.OpsClient;
import io.countermand.app.observe.Scrape;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.codec.IntentCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody else writes intents in a transaction, and leaves it open. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class OpenTransactionTest {

  private static final String VENUE = "crosstrade";
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int TRIES = 6;

  private final Pipeline pipeline;

  OpenTransactionTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldShowWhatItHoldsBackAndNeverCallWhatIsAborted() throws Exception {
    // Given: again where the machine is too slow to see it before the broker ends it
    Set<String> shown = ConcurrentHashMap.newKeySet();
    List<Intent> behind = new ArrayList<>();
    for (int i = 0; i < TRIES && shown.size() < 2; i++) {
      behind.add(heldBack(shown));
    }
    // Then
    assertThat(shown).containsExactlyInAnyOrder("desk", "ledger");
    for (Intent intent : behind) {
      assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
      assertThat(pipeline.cancelCalls(intent.order())).hasSize(1);
    }
    Awaitility.await("it is over")
        .atMost(Duration.ofSeconds(60))
        .until(() -> scrape().sum("countermand_held_back_records", "topic", Topics.INTENTS) == 0);
  }

  /**
   * A transaction as long as a broker allows, that is aborted, and an intent behind it.
   *
   * @param shown the roles that showed it, now or earlier
   * @return that intent
   */
  private Intent heldBack(Set<String> shown) throws Exception {
    OrderRef order = pipeline.place(VENUE); // one for both: the same key, so the same partition
    Intent behind = Pipeline.patient(order);
    try (var producer = producer(Long.toString(LONGEST.toMillis()))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record(Pipeline.patient(order))).get();
      // When
      pipeline.publish(behind);
      try {
        Awaitility.await("both roles show it").atMost(LONGEST).until(() -> bothShow(shown));
      } catch (ConditionTimeoutException e) {
        // The next one may.
      }
      try {
        producer.abortTransaction();
      } catch (KafkaException | IllegalStateException e) {
        // The broker was first.
      }
    }
    return behind;
  }

  private boolean bothShow(Set<String> shown) throws Exception {
    Scrape now = scrape();
    for (String role : new String[] {"desk", "ledger"}) {
      if (of(now, "seconds", role) > 0 && of(now, "records", role) >= 1) {
        shown.add(role);
      }
    }
    return shown.size() == 2;
  }

  private static double of(Scrape now, String what, String role) {
    return now.sum("countermand_held_back_" + what, "role", role, "topic", Topics.INTENTS);
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
