package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketTest {

  private static final String ID = "492281fc515e431692da57d957cfebb6";
  private static final OrderRef REF = new OrderRef("crosstrade-ws", "Sim101", ID);

  private Simulator simulator;
  private TestSocket socket;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.of(VenueKind.CROSSTRADE_WS));
    simulator.book().place(NewOrder.of("crosstrade-ws", "Sim101", ID, "2"));
    socket = TestSocket.open(simulator.venueUrl("crosstrade-ws"), "sim-token");
  }

  @AfterEach
  void stop() {
    socket.close();
    simulator.close();
  }

  @Test
  void shouldAnswerTheSeedsRequest() throws Exception {
    // When
    socket.send(Seeds.block("crosstrade-ws-request"));

    // Then
    assertThat(SimulatorJson.parse(socket.next()))
        .isEqualTo(
            SimulatorJson.parse(
                "{\"id\":\"my-request-id\",\"data\":{\"orderId\":\""
                    + ID
                    + "\",\"success\":true}}"));
    assertThat(simulator.book().find(REF).open()).isFalse();
    assertThat(simulator.journal().calls(REF))
        .extracting(JournalCall::effect)
        .containsExactly(Effect.CANCELED_NOW);
  }

  @Test
  void shouldSayAnErrorAndAStatus() throws Exception {
    // Given
    simulator.book().fill(REF);

    // When
    socket.send(rpc("1", "Cancel", ID));
    var gone = socket.next();
    socket.send(rpc("2", "GetOrderStatus", ID));
    var status = socket.next();
    socket.send(rpc("3", "Nonsense", ID));
    var invalid = socket.next();

    // Then
    assertThat(gone)
        .isEqualTo(
            "{\"id\":\"1\",\"error\":\"Order linked to '"
                + ID
                + "' not found or already terminal.\"}");
    assertThat(SimulatorJson.parse(status).at("/data/status").asText()).isEqualTo("Filled");
    assertThat(invalid).isEqualTo("{\"id\":\"3\",\"error\":\"Invalid request\"}");
  }

  @Test
  void shouldRefuseAHandshakeWithoutAGoodToken() {
    assertThatThrownBy(() -> TestSocket.open(simulator.venueUrl("crosstrade-ws"), "wrong"))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
  }

  @Test
  void shouldSendAnAnswerTwiceOrAfterTheNext() throws Exception {
    // Given
    simulator.faults().next("crosstrade-ws", new Fault.Twice());
    socket.send(rpc("1", "Cancel", ID));
    var twice = List.of(socket.next(), socket.next());

    // When: again where the next one was not there in the time that an answer is kept
    var reordered = List.<String>of();
    for (int i = 0; i < 20 && !reordered.equals(List.of("3", "2")); i++) {
      simulator
          .faults()
          .add(FaultRule.next("crosstrade-ws", 1, new Fault.Overtaken()).forOrder("other"));
      socket.send(rpc("2", "GetOrderStatus", "other"));
      socket.send(rpc("3", "GetOrderStatus", ID));
      reordered = List.of(id(socket.next()), id(socket.next()));
    }

    // Then
    assertThat(twice.get(0)).isEqualTo(twice.get(1));
    assertThat(reordered).containsExactly("3", "2");
  }

  @Test
  void shouldDropTheSocketAfterTheEffect() throws Exception {
    // Given
    simulator.faults().next("crosstrade-ws", new Fault.Reset(true));

    // When
    socket.send(rpc("1", "Cancel", ID));
    socket.awaitClosed();

    // Then
    assertThat(simulator.book().find(REF).open()).isFalse();
  }

  @Test
  void shouldAnswerManyRequestsInFlight() throws Exception {
    // Given
    var asked = new HashSet<String>();

    // When
    for (int i = 0; i < 500; i++) {
      asked.add("r" + i);
      socket.send(rpc("r" + i, "GetOrderStatus", ID));
    }
    var answered = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      answered.add(id(socket.next()));
    }

    // Then
    assertThat(answered).containsExactlyInAnyOrderElementsOf(asked);
  }

  @Test
  void shouldDrawFromTheSameBudgetAsRest() throws Exception {
    // Given
    simulator.close();
    var limits = SimulatedLimits.of(VenueKind.CROSSTRADE);
    simulator =
        Simulator.start(
            SimulatorOptions.of(
                    List.of(
                        InstanceOptions.of("rest", VenueKind.CROSSTRADE).withLimits(limits),
                        InstanceOptions.of("ws", VenueKind.CROSSTRADE_WS).withLimits(limits)))
                .withClock(new TestClock("2026-03-03T12:00:00Z")));
    socket = TestSocket.open(simulator.venueUrl("ws"), "sim-token");
    var rest = Client.of(simulator, "rest");
    for (int i = 0; i < 20; i++) {
      rest.get("/v1/api/accounts/a/orders/1/status");
    }

    // When
    socket.send(rpc("1", "GetOrderStatus", ID));

    // Then
    assertThat(socket.next()).isEqualTo("{\"id\":\"1\",\"error\":\"Rate limit exceeded\"}");
  }

  @Test
  void shouldDrawFromTheSameBudgetAsAWebhook() throws Exception {
    // Given
    simulator.close();
    simulator =
        Simulator.start(
            SimulatorOptions.of(
                    List.of(
                        InstanceOptions.of("hook", VenueKind.CROSSTRADE_WEBHOOK)
                            .withLimits(SimulatedLimits.of(VenueKind.CROSSTRADE_WEBHOOK)),
                        InstanceOptions.of("ws", VenueKind.CROSSTRADE_WS)
                            .withLimits(SimulatedLimits.of(VenueKind.CROSSTRADE_WS))))
                .withClock(new TestClock("2026-03-03T12:00:00Z")));
    socket = TestSocket.open(simulator.venueUrl("ws"), "sim-token");
    var hook = Client.of(simulator, "hook");
    for (int i = 0; i < 20; i++) {
      hook.post("/v1/send/a/b", "key=sim-key;command=CANCEL;order_id=1;");
    }

    // When
    socket.send(rpc("1", "GetOrderStatus", ID));

    // Then
    assertThat(socket.next()).isEqualTo("{\"id\":\"1\",\"error\":\"Rate limit exceeded\"}");
  }

  private static String rpc(String id, String api, String orderId) {
    return "{\"action\":\"rpc\",\"id\":\"%s\",\"api\":\"%s\",\"args\":{\"account\":\"Sim101\",\"orderId\":\"%s\"}}"
        .formatted(id, api, orderId);
  }

  private static String id(String answer) {
    return SimulatorJson.parse(answer).path("id").asText();
  }
}
