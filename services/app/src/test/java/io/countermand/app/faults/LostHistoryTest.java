package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.Countermand;
import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.codec.StateCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.request.CallKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Offsets or stores are lost after the ledger has forgotten what it settled: nothing that has its
 * outcome gets a second one, and nothing is called again. Roles, broker and registry of its own.
 */
@Tag("long")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class LostHistoryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int EACH = 50;
  private static final String LEDGER = "countermand-ledger";
  private static final String DESK = "countermand-desk";
  private static final String SETTLED = LEDGER + "-ledger-settled-changelog";
  private static final String ORDERS = LEDGER + "-ledger-orders-changelog";

  @TempDir static Path data;
  private static InVmStack stack;
  private static IntentPublisher publisher;
  private static OutcomeReader reader;
  private static final List<Outcome> outcomes = new ArrayList<>();
  private static final List<Intent> intents = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    stack =
        InVmStack.start(
            new LocalStack.Options(
                data,
                0,
                0,
                Map.of("cadenza", "cadenza"),
                "1ms",
                true,
                Map.of(
                    "COUNTERMAND_HTTP_PORT", "none",
                    "COUNTERMAND_TOPICS_PARTITIONS", "1",
                    "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "20s",
                    "COUNTERMAND_INTENTS_DEFAULT_DEADLINE", "60s",
                    "COUNTERMAND_LEDGER_REMEMBER_ORDER", "1s",
                    "COUNTERMAND_LEDGER_REMEMBER_SETTLED", "1s")));
    publisher = new IntentPublisher(stack.connection());
    reader = OutcomeReader.fromBeginning(stack.connection());
  }

  @AfterAll
  static void stop() {
    reader.close();
    publisher.close();
    stack.close();
  }

  @Test
  void shouldPassOverWhatTheLedgerReadBefore() throws Exception {
    // Given
    settledAndForgotten();
    // When
    stack.stop("ledger");
    deleteGroup(LEDGER);
    stack.start("ledger");
    stack.awaitReady();
    // Then
    shouldAnswerOnceAndCallOnce();
  }

  @Test
  void shouldNotStartTheLedgerWithoutOffsetsAndStores() throws Exception {
    // Given
    settledAndForgotten();
    stack.stop("ledger");
    deleteGroup(LEDGER);
    deleteTopics(SETTLED, ORDERS);
    // When
    assertThatThrownBy(() -> stack.start("ledger"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("countermand start-anew ledger");
    startAnew("ledger");
    stack.start("ledger");
    stack.awaitReady();
    // Then
    shouldAnswerOnceAndCallOnce();
  }

  @Test
  void shouldNotStartTheLedgerWithOffsetsAndWithoutStores() throws Exception {
    // Given
    settledAndForgotten();
    stack.stop("ledger");
    deleteTopics(SETTLED, ORDERS);
    // When
    assertThatThrownBy(() -> stack.start("ledger"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("countermand start-anew ledger");
    startAnew("ledger");
    stack.start("ledger");
    stack.awaitReady();
    // Then
    shouldAnswerOnceAndCallOnce();
  }

  @Test
  void shouldNotStartTheDeskWithoutOffsets() throws Exception {
    // Given
    settledAndForgotten();
    stack.stop("desk");
    deleteGroup(DESK);
    // When
    assertThatThrownBy(() -> stack.start("desk"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("countermand start-anew desk");
    startAnew("desk");
    stack.start("desk");
    stack.awaitReady();
    // Then
    shouldAnswerOnceAndCallOnce();
  }

  private static void shouldAnswerOnceAndCallOnce() {
    some(2);
    Awaitility.await("outcomes")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(answered()).containsAll(asked()));
    assertThat(outcomes.size()).isEqualTo(intents.size());
    assertThat(outcomes.stream().filter(one -> one.result() != CancelResult.CANCELED)).isEmpty();
    for (Intent intent : intents) {
      assertThat(
              stack.simulator().journal().calls(intent.order()).stream()
                  .filter(call -> call.kind() == CallKind.CANCEL))
          .hasSize(1);
    }
  }

  /** Cancels that have their outcomes, and of whose ids the ledger knows nothing any more. */
  private static void settledAndForgotten() {
    some(EACH);
    Awaitility.await("outcomes")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(answered()).containsAll(asked()));
    Awaitility.await("forgotten").atMost(PATIENCE).until(() -> remembered().isEmpty());
  }

  private static void some(int count) {
    for (int i = 0; i < count; i++) {
      OrderRef order = new OrderRef("cadenza", "Sim101", Pipeline.id());
      stack.simulator().book().place(NewOrder.of(order.venue(), "Sim101", order.orderId(), "10"));
      Intent intent = Pipeline.intent(order);
      intents.add(intent);
      publisher.publish(intent).toCompletableFuture().join();
    }
  }

  private static Set<String> asked() {
    Set<String> ids = new HashSet<>();
    intents.forEach(intent -> ids.add(intent.cancelId()));
    return ids;
  }

  private static Set<String> answered() {
    reader.poll(Duration.ofMillis(200)).forEach(read -> outcomes.add(read.outcome()));
    Set<String> ids = new HashSet<>();
    outcomes.forEach(outcome -> ids.add(outcome.cancel().cancelId()));
    return ids;
  }

  /** Settled ids that stand in the changelogs: by themselves, or in pages of orders. */
  private static Set<String> remembered() {
    Set<String> all = remembered(SETTLED, value -> true);
    all.addAll(remembered(ORDERS, LostHistoryTest::hasSettled));
    return all;
  }

  private static boolean hasSettled(byte[] page) {
    return !StateCodec.ledgerPage(page).settled().isEmpty();
  }

  private static Set<String> remembered(String changelog, Predicate<byte[]> settled) {
    var settings = stack.connection().consumer("test");
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partition = new TopicPartition(changelog, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      Set<String> ids = new HashSet<>();
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  boolean positions = record.key().startsWith("\u0000");
                  if (record.value() == null || positions || !settled.test(record.value())) {
                    ids.remove(record.key());
                  } else {
                    ids.add(record.key());
                  }
                });
      }
      return ids;
    }
  }

  private static void startAnew(String role) {
    assertThat(
            Countermand.commandLine()
                .execute("start-anew", role, "--config", stack.configFile().toString()))
        .isZero();
  }

  private static void deleteGroup(String group) throws Exception {
    try (Admin admin = Admin.create(stack.connection().admin("test"))) {
      // Its last member may still be taken for alive.
      Awaitility.await("deletion of " + group).atMost(PATIENCE).until(() -> deleted(admin, group));
    }
  }

  private static boolean deleted(Admin admin, String group) throws InterruptedException {
    try {
      admin
          .deleteConsumerGroups(List.of(group), new DeleteConsumerGroupsOptions().timeoutMs(10_000))
          .all()
          .get();
      return true;
    } catch (ExecutionException e) {
      return e.getCause() instanceof GroupIdNotFoundException; // an earlier try came through
    }
  }

  private static void deleteTopics(String... topics) throws Exception {
    try (Admin admin = Admin.create(stack.connection().admin("test"))) {
      admin.deleteTopics(List.of(topics)).all().get();
      Awaitility.await("deleted")
          .atMost(PATIENCE)
          .until(
              () -> admin.listTopics().names().get().stream().noneMatch(List.of(topics)::contains));
    }
  }
}
