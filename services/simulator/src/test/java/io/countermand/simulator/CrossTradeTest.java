package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrossTradeTest {

  private static final String ID = "ce0a8e5002ea463e856eb6384f5cee7e";
  private static final String CANCEL = "/v1/api/accounts/Sim101/orders/" + ID + "/cancel";
  private static final OrderRef REF = new OrderRef("crosstrade", "Sim101", ID);

  private final LinkedBlockingQueue<OrderEvent> events = new LinkedBlockingQueue<>();
  private Simulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    simulator =
        Simulator.start(SimulatorOptions.of(VenueKind.CROSSTRADE).withListener(events::add));
    client = Client.of(simulator, "crosstrade");
    simulator.book().place(NewOrder.of("crosstrade", "Sim101", ID, "2"));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void shouldCancelAnOpenOrderInTheSeedsWords() throws Exception {
    // When
    var response = client.post(CANCEL, "{}");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(Seeds.block("crosstrade-canceled"));
    assertThat(simulator.book().find(REF).status()).isEqualTo(OrdStatus.CANCELED);
    assertThat(events)
        .extracting(OrderEvent::ordStatus)
        .containsExactly(OrdStatus.NEW, OrdStatus.CANCELED);
    assertThat(events).extracting(OrderEvent::source).containsOnly("feed:crosstrade");
  }

  @Test
  void shouldSayInTheSeedsWordsThatAnOrderIsGone() throws Exception {
    // Given
    simulator.book().fill(REF);

    // When
    var response = client.post(CANCEL, "{}");

    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo(Seeds.block("crosstrade-gone"));
  }

  @Test
  void shouldSayInTheSeedsWordsThatARequestIsInvalid() throws Exception {
    // When
    var response = client.post(CANCEL, "not json");

    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo(Seeds.block("crosstrade-invalid"));
    assertThat(simulator.book().find(REF).open()).isTrue();
  }

  @Test
  void shouldRefuseAWrongTokenWithoutEffect() throws Exception {
    // When
    var wrong = client.withToken("wrong").post(CANCEL, "{}");
    var none = client.withToken(null).post(CANCEL, "{}");

    // Then
    assertThat(List.of(wrong.statusCode(), none.statusCode())).containsExactly(401, 401);
    assertThat(simulator.book().find(REF).open()).isTrue();
    assertThat(simulator.journal().calls(REF))
        .extracting(call -> call.answered().fault())
        .containsExactly("unauthorized", "unauthorized");
  }

  @Test
  void shouldTellStatusAndOrder() throws Exception {
    // Given
    simulator.book().fill(REF, java.math.BigDecimal.ONE, null);

    // When
    var status = client.get("/v1/api/accounts/Sim101/orders/" + ID + "/status");
    var order = client.get("/v1/api/accounts/Sim101/orders/" + ID);
    var unknown = client.get("/v1/api/accounts/Sim101/orders/none/status");

    // Then
    assertThat(SimulatorJson.parse(status.body()))
        .isEqualTo(SimulatorJson.parse("{\"status\":\"PartFilled\",\"success\":true}"));
    assertThat(SimulatorJson.parse(order.body()))
        .isEqualTo(
            SimulatorJson.parse(
                """
                {"account":"Sim101","orderId":"%s","instrument":"BTC/USDT",
                 "orderState":"PartFilled","quantity":2,"averageFillPrice":50000.00,"filled":1,
                 "success":true}
                """
                    .formatted(ID)));
    assertThat(unknown.statusCode()).isEqualTo(400);
  }

  @Test
  void shouldCancelAllOfAnAccount() throws Exception {
    // Given
    simulator.book().place(NewOrder.of("crosstrade", "Sim101", "b", "1"));
    simulator.book().place(NewOrder.of("crosstrade", "Sim102", "c", "1"));

    // When
    var response = client.post("/v1/api/accounts/Sim101/orders/cancel", "{}");

    // Then
    assertThat(SimulatorJson.parse(response.body()))
        .isEqualTo(SimulatorJson.parse("{\"orderIds\":[\"b\",\"" + ID + "\"],\"success\":true}"));
    assertThat(simulator.book().find("crosstrade", "c").open()).isTrue();
  }

  @Test
  void shouldTakeIdsThatNeedEncoding() throws Exception {
    // Given
    var ref = simulator.book().place(NewOrder.of("crosstrade", "A/1 ü", "../x?y#z", "1")).ref();

    // When
    var response =
        client.post(
            "/v1/api/accounts/"
                + OrderRef.encode(ref.account())
                + "/orders/"
                + OrderRef.encode(ref.orderId()).replace(".", "%2E")
                + "/cancel",
            "{}");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(simulator.book().find(ref).open()).isFalse();
  }

  @Test
  void shouldTakeACancelBeforeItIsCarriedOut() throws Exception {
    // Given
    simulator.close();
    var options =
        InstanceOptions.of("crosstrade", VenueKind.CROSSTRADE)
            .withSettle(Latency.fixed(Duration.ofMillis(20)))
            .withLatency(Latency.fixed(Duration.ofMillis(2)));
    events.clear();
    simulator = Simulator.start(SimulatorOptions.of(List.of(options)).withListener(events::add));
    simulator.book().place(NewOrder.of("crosstrade", "Sim101", ID, "2"));

    // When
    var response = Client.of(simulator, "crosstrade").post(CANCEL, "{}");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(simulator.journal().calls(REF))
        .extracting(JournalCall::effect)
        .containsExactly(Effect.CANCEL_PENDING);
    assertThat(List.of(next(), next(), next()))
        .containsExactly(OrdStatus.NEW, OrdStatus.PENDING_CANCEL, OrdStatus.CANCELED);
  }

  private OrdStatus next() throws InterruptedException {
    return events.poll(60, TimeUnit.SECONDS).ordStatus();
  }
}
