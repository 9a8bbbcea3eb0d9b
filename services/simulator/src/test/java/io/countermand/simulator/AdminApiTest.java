package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminApiTest {

  private Simulator simulator;
  private Client admin;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.of(VenueKind.CROSSTRADE));
    admin = new Client(simulator.adminUrl(), null);
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void shouldDriveAnOrdersLife() throws Exception {
    // When
    var placed =
        admin.post(
            "/orders",
            """
            {"venue":"crosstrade","account":"a","orderId":"1","quantity":"3","symbol":"ES 12-26"}
            """);
    var filled = admin.post("/orders/crosstrade/a/1/fill", "{\"quantity\":\"1\"}");
    var canceled = admin.post("/orders/crosstrade/a/1/cancel", "");
    var told = admin.get("/orders/crosstrade/a/1");
    var late = admin.post("/orders/crosstrade/a/1/fill", "");

    // Then
    assertThat(placed.statusCode()).isEqualTo(201);
    assertThat(status(filled.body())).isEqualTo("PARTIALLY_FILLED");
    assertThat(status(canceled.body())).isEqualTo("CANCELED");
    assertThat(Json.parse(told.body()).path("filled").asText()).isEqualTo("1");
    assertThat(late.statusCode()).isEqualTo(404);
  }

  @Test
  void shouldTakeManyAtOnce() throws Exception {
    // When
    var placed = admin.post("/orders", "[" + order("1") + "," + order("2") + "]");
    var batch =
        admin.post(
            "/batch",
            """
            [{"op":"fill","venue":"crosstrade","account":"a","orderId":"1","quantity":"1"},
             {"op":"fill","venue":"crosstrade","account":"a","orderId":"none"},
             {"op":"place","venue":"crosstrade","account":"a","orderId":"2","quantity":"1"},
             {"op":"reduce","venue":"crosstrade","account":"a","orderId":"2","quantity":"1"}]
            """);

    // Then
    assertThat(placed.body()).isEqualTo("{\"placed\":2}");
    assertThat(Json.parse(batch.body()).path("done").asInt()).isEqualTo(4);
    assertThat(Json.parse(batch.body()).path("failed"))
        .extracting(failed -> failed.path("index").asInt())
        .containsExactly(1, 2);
    assertThat(simulator.book().find("crosstrade", "2").quantity()).isEqualByComparingTo("4");
  }

  @Test
  void shouldScriptAFaultAndShowTheJournal() throws Exception {
    // Given
    admin.post("/orders", order("1"));
    admin.post(
        "/faults",
        """
        {"venue":"crosstrade","times":1,"faults":[{"fault":"server-error","effect":true,"status":502}]}
        """);

    // When
    var answer =
        Client.of(simulator, "crosstrade").post("/v1/api/accounts/a/orders/1/cancel", "{}");
    var journal = Json.parse(admin.get("/journal?since=2").body());

    // Then
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(journal)
        .extracting(entry -> entry.path("entry").asText())
        .containsExactly("received", "changed", "answered");
    assertThat(journal.get(2).path("effect").asText()).isEqualTo("CANCELED_NOW");
    assertThat(journal.get(2).path("fault").asText()).isEqualTo("server-error");
    assertThat(admin.get("/faults").body()).isEqualTo("[]");
  }

  @Test
  void shouldSayWhatIsWrong() throws Exception {
    // When
    var missing = admin.post("/orders", "{\"venue\":\"crosstrade\",\"account\":\"a\"}");
    var venue =
        admin.post(
            "/orders", "{\"venue\":\"x\",\"account\":\"a\",\"orderId\":\"1\",\"quantity\":\"1\"}");
    var fault = admin.post("/faults", "{\"faults\":[{\"fault\":\"nonsense\"}]}");

    // Then
    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(venue.body()).isEqualTo("{\"error\":\"no such instance: x\"}");
    assertThat(fault.statusCode()).isEqualTo(400);
  }

  private static String order(String id) {
    return "{\"venue\":\"crosstrade\",\"account\":\"a\",\"orderId\":\"" + id + "\",\"quantity\":5}";
  }

  private static String status(String body) {
    JsonNode order = Json.parse(body);
    return order.path("status").asText();
  }
}
