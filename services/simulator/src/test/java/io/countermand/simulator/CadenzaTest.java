package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CadenzaTest {

  private static final String ID = "770e8400-e29b-41d4-a716-446655440002";
  private static final String ACCOUNT = "550e8400-e29b-41d4-a716-446655440000";
  private static final OrderRef REF = new OrderRef("cadenza", ACCOUNT, ID);
  private static final String CANCEL = "/api/v3/tradeOrder/cancel";
  private static final String BODY = "{\"tradeOrderId\": \"" + ID + "\"}";

  private final TestClock clock = new TestClock("2023-12-20T06:11:40Z");
  private Simulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.of(VenueKind.CADENZA).withClock(clock));
    client = Client.of(simulator, "cadenza").withToken(null);
    simulator
        .book()
        .place(
            NewOrder.of("cadenza", ACCOUNT, ID, "0.001").at(Instant.ofEpochMilli(1703052635110L)));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void shouldCancelInTheSeedsWords() throws Exception {
    // When
    var response = login().post(CANCEL, BODY);

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(Seeds.block("cadenza-canceled"));
    assertThat(simulator.book().find(REF).open()).isFalse();
  }

  @Test
  void shouldSayInTheSeedsWordsThatAnOrderIsFilled() throws Exception {
    // Given
    simulator.book().fill(REF);

    // When
    var response = login().post(CANCEL, BODY);

    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo(Seeds.block("cadenza-filled"));
  }

  @Test
  void shouldTellWhatAPartlyFilledOrderExecuted() throws Exception {
    // Given
    simulator.book().fill(REF, new BigDecimal("0.0004"), null);

    // When
    var data = json(login().post(CANCEL, BODY).body()).path("data");

    // Then
    assertThat(data.path("status").asText()).isEqualTo("CANCELLED");
    assertThat(data.path("executedQuantity").asText()).isEqualTo("0.0004");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() throws Exception {
    // Given
    var client = login();

    // When
    var unknown = client.post(CANCEL, "{\"tradeOrderId\":\"none\"}");
    var missing = client.post(CANCEL, "{}");

    // Then
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(json(unknown.body()).path("success").asBoolean(true)).isFalse();
  }

  @Test
  void shouldTellAnOrderByItsId() throws Exception {
    // When
    var found = login().get("/api/v3/tradeOrder/list?tradeOrderId=" + ID);
    var none = login().get("/api/v3/tradeOrder/list?tradeOrderId=none");

    // Then
    assertThat(json(found.body()).at("/data/0/status").asText()).isEqualTo("OPEN");
    assertThat(json(none.body()).at("/data").size()).isZero();
  }

  @Test
  void shouldRotateRefreshTokensAndExpireAccess() throws Exception {
    // Given
    var tokens = tokens(client.post("/api/v3/auth/login", credentials("sim-password")).body());
    var client = this.client.withToken(tokens.path("accessToken").asText());
    clock.pass(Duration.ofHours(1));
    var refresh = "{\"refreshToken\":\"" + tokens.path("refreshToken").asText() + "\"}";

    // When
    var expired = client.post(CANCEL, BODY);
    var renewed = client.post("/api/v3/auth/token/refresh", refresh);
    var again = client.post("/api/v3/auth/token/refresh", refresh);
    var good =
        this.client
            .withToken(tokens(renewed.body()).path("accessToken").asText())
            .post(CANCEL, BODY);

    // Then
    assertThat(tokens.path("expiresIn").asLong()).isEqualTo(3600);
    assertThat(List.of(expired.statusCode(), renewed.statusCode(), again.statusCode()))
        .containsExactly(401, 200, 401);
    assertThat(json(again.body()).path("errno").asInt()).isEqualTo(-100003);
    assertThat(good.statusCode()).isEqualTo(200);
  }

  @Test
  void shouldKeepSecretsOutOfTheJournal() throws Exception {
    // When
    login();
    client.post("/api/v3/auth/login", credentials("wrong-secret"));

    // Then
    assertThat(simulator.journal().since(1, 100).toString())
        .doesNotContain("sim-password", "wrong-secret", "access-", "refresh-");
  }

  private Client login() throws Exception {
    var answer = client.post("/api/v3/auth/login", credentials("sim-password"));
    return client.withToken(tokens(answer.body()).path("accessToken").asText());
  }

  private static String credentials(String password) {
    return "{\"email\":\"sim-user@example.com\",\"password\":\"" + password + "\"}";
  }

  private static JsonNode tokens(String body) {
    return json(body).path("data");
  }

  private static JsonNode json(String body) {
    return SimulatorJson.parse(body);
  }
}
