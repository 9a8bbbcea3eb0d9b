package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.Side;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminApiTest {

  private final LinkedBlockingQueue<OrderEvent> events = new LinkedBlockingQueue<>();

  private Simulator simulator;
  private Client admin;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorOptions.of(VenueKind.CROSSTRADE).withListener(events::add));
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
    assertThat(SimulatorJson.parse(told.body()).path("filled").asText()).isEqualTo("1");
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
    assertThat(SimulatorJson.parse(batch.body()).path("done").asInt()).isEqualTo(4);
    assertThat(SimulatorJson.parse(batch.body()).path("failed"))
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
    var journal = SimulatorJson.parse(admin.get("/journal?since=2").body());

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
  void shouldTakeOtherCredentialsBesideTheOldOnesOrInTheirPlace() throws Exception {
    // Given
    var old = Client.of(simulator, "crosstrade");
    var path = "/v1/api/accounts/a/orders/1/status";
    admin.post("/orders", order("1"));

    // When
    var beside = admin.post("/credentials/crosstrade", "{\"token\":\"second\",\"beside\":true}");
    // Then
    assertThat(beside.statusCode()).isEqualTo(200);
    assertThat(beside.body()).doesNotContain("second");
    assertThat(old.get(path).statusCode()).isEqualTo(200);

    // When
    var alone = admin.post("/credentials/crosstrade", "{\"token\":\"third\"}");
    // Then
    assertThat(alone.statusCode()).isEqualTo(200);
    assertThat(old.get(path).statusCode()).isEqualTo(401);
    assertThat(admin.post("/credentials/crosstrade", "{\"token\":\"third\"}").statusCode())
        .isEqualTo(400);
    assertThat(admin.get("/journal").body()).doesNotContain("second", "third");
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

  /** A misspelt {@code times} would mean: for ever. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'tiems':1,'faults':[{'fault':'twice'}]} | a fault rule has no tiems; it may have venue",
        "{'times':'1','faults':[{'fault':'twice'}]} | times must be a whole number",
        "{'kinds':'CANCEL','faults':[{'fault':'twice'}]} | kinds must be a list",
        "{'faults':[{'fault':'delay','milis':9}]} | the fault delay has no milis; it may have",
        "{'faults':[{'fault':'reset','effect':'no'}]} | effect must be true or false",
        "{'faults':[{'fault':'nonsense'}]} | no such fault",
        "{'fault':'twice'} | a fault rule has no fault",
        "{'times':1} | faults must be a list",
        "'twice' | a fault rule must be an object"
      })
  void shouldAddNoFaultThatItWouldReadOtherwise(String rule, String why) throws Exception {
    // When
    var answer = admin.post("/faults", rule.replace('\'', '"'));
    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(why);
    assertThat(admin.get("/faults").body()).isEqualTo("[]");
  }

  @Test
  void shouldTellInOrderEventsWhoseOrderItIsAndOfWhat() throws Exception {
    // When
    var placed =
        admin.post(
            "/orders",
            """
            {"venue":"crosstrade","account":"a","orderId":"1","quantity":"3","instrument":"ES",
             "side":"SELL","trader":"t1","desk":"d1","algorithm":"alpha-7","client":"c1"}
            """);
    admin.post("/orders/crosstrade/a/1/fill", "{\"quantity\":\"1\"}");
    admin.post("/orders", order("2"));

    // Then: with each event, and nothing of an order of which nothing was said
    var told = new OrderDetails("ES", Side.SELL, "t1", "d1", "alpha-7", "c1");
    assertThat(placed.statusCode()).isEqualTo(201);
    assertThat(SimulatorJson.parse(placed.body()).path("told").path("algorithm").asText())
        .isEqualTo("alpha-7");
    assertThat(events).extracting(OrderEvent::details).containsExactly(told, told, null);
  }

  @Test
  void shouldRefuseWhatItDoesNotKnowAndPlaceNothing() throws Exception {
    // When
    var unknown = admin.post("/orders", "[" + order("1") + "," + order("2", "algoritm", "x") + "]");
    var side = admin.post("/orders", order("3", "side", "buy"));
    var number =
        admin.post(
            "/orders",
            "{\"venue\":\"crosstrade\",\"account\":\"a\",\"orderId\":\"4\",\"quantity\":5,"
                + "\"trader\":7}");
    var batch =
        admin.post(
            "/batch", "[" + order("5", "op", "place") + "," + order("6", "opp", "place") + "]");

    // Then
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("an order has no algoritm; it may have", "algorithm");
    assertThat(side.body()).isEqualTo("{\"error\":\"side must be BUY or SELL\"}");
    assertThat(number.body()).isEqualTo("{\"error\":\"trader must be a string\"}");
    assertThat(SimulatorJson.parse(batch.body()).path("failed")).hasSize(1);
    assertThat(simulator.book().orders())
        .singleElement()
        .satisfies(order -> assertThat(order.ref().orderId()).isEqualTo("5"));
  }

  @ParameterizedTest
  @CsvSource({
    "placedAt, '\"2026-11-20T08:00:00Z\"', placedAt must be a whole number",
    "placedAt, 1.5, placedAt must be a whole number",
    "price, true, price must be a decimal",
    "algorithm, '\"\"', algorithm is empty"
  })
  void shouldRefuseAValueOfAnotherType(String field, String value, String wrong) throws Exception {
    var answer =
        admin.post("/orders", order("7").replace("}", ",\"" + field + "\":" + value + "}"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(wrong);
  }

  private static String order(String id, String field, String value) {
    return order(id).replace("}", ",\"" + field + "\":\"" + value + "\"}");
  }

  private static String order(String id) {
    return "{\"venue\":\"crosstrade\",\"account\":\"a\",\"orderId\":\"" + id + "\",\"quantity\":5}";
  }

  private static String status(String body) {
    JsonNode order = SimulatorJson.parse(body);
    return order.path("status").asText();
  }
}
