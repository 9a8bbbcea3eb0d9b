package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A program without a Kafka client, against the real pipeline. */
class DoorTest extends DoorScenario {

  DoorTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Test
  void shouldCancelAndTellTheOutcomeToWhoWaits() throws Exception {
    // Given
    OrderKey order = place();
    // When
    DoorVisitor.Answer answer = visitor.cancel(body(order), "Prefer", "respond-async, wait=60");
    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.body().get("result").asText()).isEqualTo("CANCELED");
    assertThat(visitor.get(answer.header("Location")).body()).isEqualTo(answer.body());
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> visitor.get("/v1/orders/" + order.key()).body().path("ordStatus").asText(),
            "CANCELED"::equals);
  }

  @Test
  void shouldAnswerWhenKafkaHasItAndTellTheOutcomeLater() throws Exception {
    // Given
    OrderKey order = place();
    hold(order);
    // When
    DoorVisitor.Answer answer = visitor.cancel(body(order));
    // Then
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body().get("published").asBoolean()).isTrue();
    assertThat(visitor.get(answer.header("Location")).body().get("result").isNull()).isTrue();
    letGo();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> visitor.get(answer.header("Location")).body().path("result").asText(),
            "CANCELED"::equals);
  }

  @Test
  void shouldBeOneCancelHoweverOftenItIsAsked() throws Exception {
    // Given: the door is closed under those who wait
    List<OrderKey> orders = IntStream.range(0, 40).mapToObj(_ -> place()).toList();
    orders.forEach(order -> delay(order, Duration.ofMillis(500)));
    Door first = openDoor();
    List<CompletableFuture<?>> waiting = new ArrayList<>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      var caller = new DoorVisitor(http, first.port(), visitor.token());
      for (OrderKey order : orders) {
        waiting.add(CompletableFuture.runAsync(() -> ask(caller, order), each));
      }
      Awaitility.await().atMost(PATIENCE).until(() -> called(orders) > 0);
      first.close();
    }
    // When: they ask again elsewhere, under the same keys
    List<DoorVisitor.Answer> again = new CopyOnWriteArrayList<>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (OrderKey order : orders) {
        each.submit(
            () ->
                again.add(
                    visitor.cancel(
                        body(order),
                        "Prefer",
                        "wait=60",
                        "Idempotency-Key",
                        "k" + order.orderId())));
      }
    }
    // Then
    assertThat(again)
        .hasSize(40)
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).as("%s", answer).isEqualTo(200);
              assertThat(answer.body().get("result").asText()).isEqualTo("CANCELED");
            });
    assertThat(waiting).hasSize(40);
    assertThat(orders).allMatch(order -> calls(order) == 1);
  }

  private static void ask(DoorVisitor caller, OrderKey order) {
    try {
      var _ =
          caller.cancel(body(order), "Prefer", "wait=60", "Idempotency-Key", "k" + order.orderId());
    } catch (Exception e) {
      // the door was closed
    }
  }

  @Test
  void shouldTellThatAKeyStoodForAnotherRequest() throws Exception {
    OrderKey order = place();
    visitor.cancel(body(order), "Prefer", "wait=60", "Idempotency-Key", "mine");
    // When
    DoorVisitor.Answer answer =
        visitor.cancel(
            Map.of(
                "venue", VENUE, "account", ACCOUNT, "orderId", order.orderId(), "override", true),
            "Prefer",
            "wait=60",
            "Idempotency-Key",
            "mine");
    // Then
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.body().get("title").asText()).isEqualTo("ID_IN_USE");
  }

  @Test
  void shouldSayWhatIsWrong() throws Exception {
    var mistyped = visitor.cancel(Map.of("venue", "crosstade", "account", ACCOUNT, "orderId", "1"));
    assertThat(mistyped.status()).isEqualTo(403); // says nothing of which venues there are
    for (String body :
        List.of("", "[]", "{", "{\"venue\":7}", "{\"venue\":\"v\",\"venue\":\"w\"}", "{} {}")) {
      var answer =
          visitor.answer(
              visitor
                  .request("/v1/cancels")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body))
                  .build());
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.body().get("detail").asText()).isNotBlank();
    }
    assertThat(
            visitor
                .answer(
                    visitor
                        .request("/v1/cancels")
                        .header("Content-Type", "application/json")
                        .POST(
                            BodyPublishers.ofString("{\"reason\":\"" + "x".repeat(70_000) + "\"}"))
                        .build())
                .status())
        .isEqualTo(413);
    assertThat(visitor.get("/v1/nothing").status()).isEqualTo(404);
    assertThat(visitor.get("/v1/outcomes?from=yesterday").status()).isEqualTo(400);
  }

  private long called(List<OrderKey> orders) {
    return orders.stream().filter(order -> calls(order) > 0).count();
  }
}
