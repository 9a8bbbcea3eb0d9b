package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.Connection;
import io.countermand.domain.OrderRef;
import io.countermand.events.OrderKey;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A program without a Kafka client, against the real pipeline. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorTest {

  private static final String VENUE = "crosstrade";
  private static final String ACCOUNT = "Sim101";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PipelineAccess.Stack stack;
  private final HttpClient http = HttpClient.newHttpClient();
  private Path tokens;
  private Door door;
  private DoorVisitor visitor;
  private DoorVisitor other;
  private DoorVisitor all;

  DoorTest(PipelineAccess.Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  void open(@TempDir Path directory) throws IOException {
    String token = TokenFile.newToken();
    String elsewhere = TokenFile.newToken();
    String everywhere = TokenFile.newToken();
    tokens =
        Files.writeString(
            directory.resolve("tokens"),
            String.join(
                "\n",
                "# who may call",
                TokenFile.line(token, "desk-a", "cancel,read", VENUE + "/" + ACCOUNT),
                TokenFile.line(elsewhere, "desk-b", "cancel,read", VENUE + "/Sim102,cadenza/*"),
                TokenFile.line(everywhere, "all", "cancel,read", "*"),
                ""));
    door = openDoor();
    Awaitility.await("order states read").atMost(PATIENCE).until(() -> door.missing().isEmpty());
    visitor = new DoorVisitor(http, door.port(), token);
    other = new DoorVisitor(http, door.port(), elsewhere);
    all = new DoorVisitor(http, door.port(), everywhere);
  }

  @AfterAll
  void close() {
    door.close();
    http.close();
  }

  private Door openDoor() {
    return Door.open(
        new DoorSettings(
            Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl()),
            "127.0.0.1",
            0,
            tokens,
            null,
            100_000,
            10_000,
            10_000,
            20, // a stream that was left is noticed some seconds later
            Duration.ofSeconds(15),
            Set.copyOf(stack.venues().keySet())));
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
    delay(order, Duration.ofSeconds(2));
    // When
    DoorVisitor.Answer answer = visitor.cancel(body(order));
    // Then
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body().get("published").asBoolean()).isTrue();
    assertThat(visitor.get(answer.header("Location")).body().get("result").isNull()).isTrue();
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
    for (OrderKey order : orders) {
      DoorVisitor.Answer again =
          visitor.cancel(
              body(order), "Prefer", "wait=60", "Idempotency-Key", "k" + order.orderId());
      // Then
      assertThat(again.status()).as("%s", again).isEqualTo(200);
      assertThat(again.body().get("result").asText()).isEqualTo("CANCELED");
    }
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
  void shouldLetATokenOfAnotherAccountNeitherSeeNorCancel() throws Exception {
    // Given
    OrderKey order = place();
    String outcome =
        visitor.cancel(body(order), "Prefer", "wait=60", "Idempotency-Key", "x").header("Location");
    OrderKey open = place();
    Instant before = Instant.now();
    // When, then: each route
    assertThat(other.cancel(body(open)).status()).isEqualTo(403);
    assertThat(other.get(outcome).status()).isEqualTo(403);
    assertThat(other.get("/v1/orders/" + order.key()).status()).isEqualTo(403);
    try (var lines = events(other, "/v1/outcomes?from=" + before.minusSeconds(60))) {
      visitor.cancel(body(open), "Prefer", "wait=60", "Idempotency-Key", "mine");
      OrderKey own = place("Sim102");
      var _ = other.cancel(Map.of("venue", VENUE, "account", "Sim102", "orderId", own.orderId()));
      assertThat(next(lines).get("data")).contains(own.orderId());
    }
    assertThat(new DoorVisitor(http, door.port(), "guessed").get(outcome).status()).isEqualTo(401);
    assertThat(calls(open)).isEqualTo(1);
  }

  @Test
  void shouldGoOnBehindTheLastEventThatWasSeen() throws Exception {
    // Given
    List<OrderKey> orders = List.of(place(), place(), place());
    Instant before = Instant.now();
    for (OrderKey order : orders) {
      visitor.cancel(body(order), "Prefer", "wait=60");
    }
    Map<String, String> first;
    try (var lines = events(visitor, "/v1/outcomes?from=" + before)) {
      first = next(lines);
    }
    // When
    List<String> rest = new ArrayList<>();
    try (var lines =
        events(visitor, "/v1/outcomes?from=beginning", "Last-Event-ID", first.get("id"))) {
      rest.add(next(lines).get("data"));
      rest.add(next(lines).get("data"));
    }
    // Then
    rest.add(first.get("data"));
    assertThat(orders)
        .allSatisfy(
            order ->
                assertThat(rest).filteredOn(each -> each.contains(order.orderId())).hasSize(1));
  }

  @Test
  void shouldEndAStreamWhoseTokenHoldsNoMore() throws Exception {
    // Given
    String token = TokenFile.newToken();
    String before = Files.readString(tokens);
    Files.writeString(tokens, before + TokenFile.line(token, "leaked", "read", "*") + "\n");
    var leaked = new DoorVisitor(http, door.port(), token);
    Awaitility.await().atMost(PATIENCE).until(() -> leaked.get("/v1/orders/a/b/c").status() == 404);
    try (var lines = events(leaked, "/v1/outcomes")) {
      // When
      Files.writeString(tokens, before);
      // Then
      assertThat(next(lines)).containsEntry("event", "problem");
      assertThat(lines.read()).isEqualTo(-1);
    }
  }

  @Test
  void shouldGoOnFromWhereItBeganThoughNoEventWasSeen() throws Exception {
    // Given
    String id;
    try (var lines = events(visitor, "/v1/outcomes")) {
      id = lines.readLine();
    }
    OrderKey order = place();
    visitor.cancel(body(order), "Prefer", "wait=60");
    // When
    try (var lines = events(visitor, "/v1/outcomes", "Last-Event-ID", id.substring(4))) {
      // Then
      assertThat(next(lines).get("data")).contains(order.orderId());
    }
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

  @Test
  void shouldRefuseWhatItsOwnDocumentForbids() throws Exception {
    shouldRefuse(2_000);
  }

  @Test
  @Tag("long")
  void shouldRefuseWhatItsOwnDocumentForbidsManyTimes() throws Exception {
    shouldRefuse(20_000);
  }

  /** 4xx each, as a problem, and never with the door's inside. */
  private void shouldRefuse(int requests) throws Exception {
    var described =
        new OpenApiRequests(
            visitor.get("/openapi.json").body(), Long.getLong("countermand.seed", 7));
    assertThat(described.operations()).isEqualTo(4);
    for (int i = 0; i < requests; i++) {
      HttpRequest request = described.next(all);
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as("%d: %s", i, request).isBetween(400, 499);
      assertThat(response.body()).as("%s", request).doesNotContain("\tat ", "Exception");
    }
  }

  /** Lines of an open stream. */
  private BufferedReader events(DoorVisitor caller, String path, String... headers)
      throws Exception {
    var request = caller.request(path.replace(" ", "%20"));
    var response =
        http.send(
            (headers.length == 0 ? request : request.headers(headers)).build(),
            BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** The next event, by the names of its fields. */
  private static Map<String, String> next(BufferedReader lines) throws IOException {
    Map<String, String> event = new HashMap<>();
    while (true) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the stream has ended");
      }
      if (line.isEmpty() && event.containsKey("data")) {
        return event;
      }
      int colon = line.indexOf(": ");
      if (colon > 0) {
        event.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
  }

  private static Map<String, String> body(OrderKey order) {
    return Map.of("venue", order.venue(), "account", order.account(), "orderId", order.orderId());
  }

  private OrderKey place() {
    return place(ACCOUNT);
  }

  private OrderKey place(String account) {
    OrderKey order = OrderKey.of(VENUE, account, UUID.randomUUID().toString().replace("-", ""));
    stack.simulator().book().place(NewOrder.of(VENUE, account, order.orderId(), "10"));
    return order;
  }

  private void delay(OrderKey order, Duration time) {
    stack
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Delay(time))
                .on(CallKind.CANCEL)
                .forOrder(order.orderId()));
  }

  private long called(List<OrderKey> orders) {
    return orders.stream().filter(order -> calls(order) > 0).count();
  }

  private long calls(OrderKey order) {
    var ref = new OrderRef(order.venue(), order.account(), order.orderId());
    return stack.simulator().journal().calls(ref).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }
}
