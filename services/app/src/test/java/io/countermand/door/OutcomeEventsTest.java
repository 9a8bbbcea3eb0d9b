package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may see what, and a stream of outcomes that is left and taken up again. */
@Tag("front") // infra/compose/ci
class OutcomeEventsTest extends DoorScenario {

  OutcomeEventsTest(PipelineAccess.Stack stack) {
    super(stack);
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
      for (String data = ""; !data.contains(own.orderId()); ) {
        data = next(lines).get("data"); // perhaps of who was there before this test
        assertThat(data).doesNotContain(order.orderId(), open.orderId());
      }
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
    writeTokens(before + TokenFile.line(token, "leaked", "read", "*") + "\n");
    var leaked = new DoorVisitor(http, door.port(), token);
    Awaitility.await().atMost(PATIENCE).until(() -> leaked.get("/v1/orders/a/b/c").status() == 404);
    try (var lines = events(leaked, "/v1/outcomes")) {
      // When
      writeTokens(before);
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
}
