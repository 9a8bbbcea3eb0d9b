package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five hundred wait at a door whose process is killed; they ask again at the next. */
@Tag("long")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DoorKillTest {

  private static final String VENUE = "cadenza";
  private static final String ACCOUNT = "Door";
  private static final int REQUESTS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch killed = new CountDownLatch(1);

  @Test
  void shouldLoseNothingAndDoubleNothing(@TempDir Path data, TestReporter reporter)
      throws Exception {
    try (LocalStack stack = DoorLoadTest.stack(data);
        http) {
      // Given: the venue answers no cancel before the door is killed, so that all wait
      List<OrderRef> orders =
          IntStream.range(0, REQUESTS).mapToObj(i -> place(stack, "kill-" + i)).toList();
      List<CompletableFuture<Integer>> first = new ArrayList<>();
      long asked;
      long called;
      try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
          DoorProcess door = DoorProcess.start(stack, http, data, "first")) {
        for (OrderRef order : orders) {
          first.add(CompletableFuture.supplyAsync(() -> status(door.visitor(http), order), each));
        }
        // When: some are with the venue, some in Kafka, some on their way
        Awaitility.await("half of them are in Kafka")
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(10))
            .until(() -> intents(stack) >= REQUESTS / 2);
        door.close();
        asked = intents(stack);
        called = calls(stack).size();
      } finally {
        killed.countDown();
      }
      assertThat(first).as("nobody had an answer").allMatch(each -> each.join() == 0);
      List<CompletableFuture<JsonNode>> again;
      List<String> unanswered = new CopyOnWriteArrayList<>();
      try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
          DoorProcess door = DoorProcess.start(stack, http, data, "second")) {
        again =
            orders.stream()
                .map(
                    order ->
                        CompletableFuture.supplyAsync(() -> answer(door, order, unanswered), each))
                .toList();
        CompletableFuture.allOf(again.toArray(CompletableFuture<?>[]::new))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      // Then
      assertThat(again)
          .allSatisfy(
              answer ->
                  assertThat(answer.join().path("result").asText())
                      .as("%s", answer.join())
                      .isEqualTo("CANCELED"));
      Map<OrderRef, List<JournalCall>> calls = calls(stack);
      assertThat(orders).allMatch(order -> calls.get(order).size() == 1);
      Map<String, Long> outcomes =
          Pipeline.read(stack.connection(), Topics.OUTCOMES).stream()
              .collect(
                  Collectors.groupingBy(
                      record -> new String(record.key(), StandardCharsets.UTF_8),
                      Collectors.counting()));
      assertThat(orders).allMatch(order -> outcomes.get(order.key()) == 1);
      reporter.publishEntry(
          "killed with %d of %d in Kafka and %d orders called; unanswered at the next door: %s"
              .formatted(asked, REQUESTS, called, unanswered));
    }
  }

  /** As the door's page says: who has no answer sends it again under the same key. */
  private JsonNode answer(DoorProcess door, OrderRef order, List<String> unanswered) {
    long begun = System.nanoTime();
    while (true) {
      try {
        return cancel(door.visitor(http), order).body();
      } catch (IllegalStateException e) {
        unanswered.add(e.getCause() + " after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
        if (!door.process().isAlive() || unanswered.size() > 2 * REQUESTS) {
          throw e;
        }
      }
    }
  }

  /** 0: none came. */
  private static int status(DoorVisitor visitor, OrderRef order) {
    try {
      return cancel(visitor, order).status();
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  private static DoorVisitor.Answer cancel(DoorVisitor visitor, OrderRef order) {
    try {
      return visitor.cancel(
          Map.of("venue", VENUE, "account", ACCOUNT, "orderId", order.orderId(), "within", 120),
          "Prefer",
          "wait=60",
          "Idempotency-Key",
          "key-" + order.orderId());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private OrderRef place(LocalStack stack, String id) {
    stack.simulator().book().place(NewOrder.of(VENUE, ACCOUNT, id, "10"));
    stack
        .simulator()
        .faults()
        .add(FaultRule.next(VENUE, 1, new Fault.Held(killed)).on(CallKind.CANCEL).forOrder(id));
    return new OrderRef(VENUE, ACCOUNT, id);
  }

  private static long intents(LocalStack stack) {
    return Pipeline.read(stack.connection(), Topics.INTENTS).size();
  }

  private static Map<OrderRef, List<JournalCall>> calls(LocalStack stack) {
    return stack.simulator().journal().calls(CallKind.CANCEL).stream()
        .collect(
            Collectors.groupingBy(
                call -> new OrderRef(VENUE, ACCOUNT, String.valueOf(call.received().orderId()))));
  }
}
