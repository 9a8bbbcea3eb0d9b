package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Desk and ledger go through their stores and drop what nobody will ask for again; otherwise these
 * would grow for ever. Roles, broker and registry of its own: all others remember for hours.
 */
@Tag("long")
class ForgettingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir Path data;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void shouldForgetOldOrdersAndOldCancelIds() throws Exception {
    // Given roles that remember for a second
    try (InVmStack stack = InVmStack.start(options());
        var publisher = new IntentPublisher(stack.connection());
        var reader = OutcomeReader.fromBeginning(stack.connection())) {
      OrderRef order = new OrderRef("cadenza", "Sim101", Pipeline.id());
      stack.simulator().book().place(NewOrder.of(order.venue(), "Sim101", order.orderId(), "10"));
      Intent intent = Pipeline.intent(order);
      List<Outcome> outcomes = new ArrayList<>();
      publisher.publish(intent).toCompletableFuture().join();
      Awaitility.await("first outcome")
          .atMost(PATIENCE)
          .until(() -> read(reader, intent, outcomes) == 1);
      // Then the desk says so in its table
      Awaitility.await("tombstone of the order")
          .atMost(PATIENCE)
          .until(() -> tombstone(stack, order));
      // And the ledger takes the same cancelId for another cancel
      Awaitility.await("second outcome of one cancelId")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                publisher.publish(intent).toCompletableFuture().join();
                return read(reader, intent, outcomes) > 1;
              });
      assertThat(outcomes).allMatch(outcome -> outcome.cancel().order().equals(order));
    }
  }

  private LocalStack.Options options() {
    return new LocalStack.Options(
        data,
        0,
        0,
        Map.of("cadenza", "cadenza"),
        "5ms",
        true,
        Map.of(
            "COUNTERMAND_HTTP_PORT", "none",
            "COUNTERMAND_TOPICS_PARTITIONS", "1",
            "COUNTERMAND_DESK_FORGET_TERMINAL", "1s",
            "COUNTERMAND_LEDGER_REMEMBER_ORDER", "1s",
            "COUNTERMAND_LEDGER_REMEMBER_SETTLED", "1s"));
  }

  private static int read(OutcomeReader reader, Intent intent, List<Outcome> outcomes) {
    reader.poll(Duration.ofMillis(100)).stream()
        .map(read -> read.outcome())
        .filter(outcome -> outcome.cancel().cancelId().equals(intent.cancelId()))
        .forEach(outcomes::add);
    return outcomes.size();
  }

  private static boolean tombstone(InVmStack stack, OrderRef order) {
    Properties settings = stack.connection().consumer("forgetting");
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      var partitions =
          consumer.partitionsFor(Topics.ORDER_STATES).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          if (record.value() == null
              && order.key().equals(new String(record.key(), StandardCharsets.UTF_8))) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
