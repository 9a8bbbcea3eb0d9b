package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NeuraTradeTest {

  private static final String ID = "ord-20260303120000-1";
  private static final OrderRef REF = new OrderRef("neuratrade", "main", ID);
  private static final String CANCEL = "/api/v1/trading/cancel_order";
  private static final String BODY = "{\"order_id\": \"" + ID + "\"}";

  private final TestClock clock = new TestClock("2026-03-03T12:05:00Z");
  private Simulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    var instance =
        InstanceOptions.of("neuratrade", VenueKind.NEURATRADE)
            .withLimits(SimulatedLimits.of(VenueKind.NEURATRADE));
    simulator = Simulator.start(SimulatorOptions.of(List.of(instance)).withClock(clock));
    client = Client.of(simulator, "neuratrade").withToken(null);
    simulator
        .book()
        .place(
            NewOrder.of("neuratrade", "main", ID, "0.01")
                .at(Instant.parse("2026-03-03T12:00:00Z")));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void shouldAnswerInTheSeedsWords() throws Exception {
    // Given
    var client = login();

    // When
    var canceled = client.post(CANCEL, BODY);
    var notOpen = client.post(CANCEL, BODY);
    var notFound = client.post(CANCEL, "{\"order_id\":\"ord-20260303120000-2\"}");
    var invalid = client.post(CANCEL, "{}");

    // Then
    assertThat(
            List.of(
                canceled.statusCode(),
                notOpen.statusCode(),
                notFound.statusCode(),
                invalid.statusCode()))
        .containsExactly(200, 409, 404, 400);
    assertThat(List.of(canceled.body(), notOpen.body(), notFound.body(), invalid.body()))
        .containsExactly(
            Seeds.block("neuratrade-canceled"),
            Seeds.block("neuratrade-not-open"),
            Seeds.block("neuratrade-not-found"),
            Seeds.block("neuratrade-invalid"));
    assertThat(simulator.book().find(REF).open()).isFalse();
  }

  @Test
  void shouldExpireTokensAfterADay() throws Exception {
    // Given
    var client = login();
    clock.pass(Duration.ofHours(24));

    // When
    var expired = client.post(CANCEL, BODY);
    var none = client.withToken(null).post(CANCEL, BODY);

    // Then
    assertThat(expired.statusCode()).isEqualTo(401);
    assertThat(expired.body()).isEqualTo("{\"error\":\"Token expired\"}");
    assertThat(none.statusCode()).isEqualTo(401);
  }

  @Test
  void shouldCloseThePositionWithTheOrder() throws Exception {
    // Given
    var client = login();
    simulator.book().place(NewOrder.of("neuratrade", "main", "ord-20260303120000-2", "1"));
    client.post(CANCEL, BODY);

    // When
    var closed = SimulatorJson.parse(client.get("/api/v1/trading/positions?status=closed").body());
    var all = SimulatorJson.parse(client.get("/api/v1/trading/positions").body());

    // Then
    assertThat(closed.at("/data/positions/0/order_id").asText()).isEqualTo(ID);
    assertThat(closed.at("/data/count").asInt()).isEqualTo(1);
    assertThat(all.at("/data/count").asInt()).isEqualTo(2);
  }

  @Test
  void shouldLimitToAHundredAMinute() throws Exception {
    // Given
    var client = login();
    for (int i = 0; i < 99; i++) {
      client.get("/api/v1/trading/positions");
    }

    // When
    var limited = client.post(CANCEL, BODY);
    clock.pass(Duration.ofSeconds(1));
    var good = client.post(CANCEL, BODY);

    // Then
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.body()).isEqualTo("{\"error\":\"Rate limit exceeded\",\"retry_after\":1}");
    assertThat(limited.headers().firstValue("X-RateLimit-Remaining")).contains("0");
    assertThat(good.statusCode()).isEqualTo(200);
  }

  private Client login() throws Exception {
    var answer =
        client.post(
            "/api/v1/users/login",
            "{\"email\":\"sim-user@example.com\",\"password\":\"sim-password\"}");
    return client.withToken(SimulatorJson.parse(answer.body()).path("token").asText());
  }
}
