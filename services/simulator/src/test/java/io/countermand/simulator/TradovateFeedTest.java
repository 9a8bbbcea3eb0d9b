package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.SimulatorJson;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TradovateFeedTest {

  private static final OrderRef REF = new OrderRef("tradovate", "25", "210518");

  private Simulator simulator;
  private TestSocket socket;
  private String token;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.of(VenueKind.TRADOVATE));
    simulator.book().place(NewOrder.of("tradovate", "25", "210518", "2"));
    var login =
        new Client(simulator.venueUrl("tradovate"), null)
            .post(
                "/auth/accesstokenrequest",
                "{\"name\":\"sim-user@example.com\",\"password\":\"sim-password\"}");
    token = SimulatorJson.parse(login.body()).path("accessToken").asText();
    socket = TestSocket.open(URI.create(simulator.wsUrl("tradovate") + "/v1/websocket"), null);
  }

  @AfterEach
  void stop() {
    socket.close();
    simulator.close();
  }

  @Test
  void shouldOpenAuthorizeSyncAndTellChanges() throws Exception {
    // Given
    var open = socket.next();
    socket.send("authorize\n0\n\n" + token);
    var authorized = socket.nextData();
    socket.send("user/syncrequest\n1\n\n{\"users\":[15460],\"entityTypes\":[\"order\"]}");
    var synced = data(socket.nextData());

    // When
    simulator.book().cancel(REF);
    simulator.book().place(NewOrder.of("tradovate", "25", "210519", "2"));
    var canceled = data(socket.nextData());
    var created = data(socket.nextData());

    // Then
    assertThat(open).isEqualTo("o");
    assertThat(authorized).isEqualTo("a[{\"s\":200,\"i\":0}]");
    assertThat(synced.at("/d/orders/0/ordStatus").asText()).isEqualTo("Working");
    assertThat(canceled.path("e").asText()).isEqualTo("props");
    assertThat(canceled.at("/d/eventType").asText()).isEqualTo("Updated");
    assertThat(canceled.at("/d/entity/id").asLong()).isEqualTo(210518);
    assertThat(canceled.at("/d/entity/ordStatus").asText()).isEqualTo("Canceled");
    assertThat(created.at("/d/eventType").asText()).isEqualTo("Created");
  }

  @Test
  void shouldRefuseWhoIsNotAuthorized() throws Exception {
    // Given
    socket.next();

    // When
    socket.send("authorize\n0\n\nwrong");
    var wrong = socket.nextData();
    socket.send("user/syncrequest\n1\n\n{}");
    var sync = socket.nextData();

    // Then
    assertThat(wrong).isEqualTo("a[{\"s\":401,\"i\":0,\"d\":\"Access is denied\"}]");
    assertThat(sync).isEqualTo("a[{\"s\":401,\"i\":1,\"d\":\"Access is denied\"}]");
    assertThat(simulator.journal().since(1, 100).toString()).doesNotContain("wrong", token);
  }

  @Test
  void shouldBeatAndBeDropped() throws Exception {
    // Given
    socket.next();

    // When
    var beat = socket.next();
    simulator.dropSockets("tradovate");

    // Then
    assertThat(beat).isEqualTo("h");
    socket.awaitClosed();
  }

  private static JsonNode data(String frame) {
    assertThat(frame).startsWith("a[").endsWith("]");
    return SimulatorJson.parse(frame.substring(1)).get(0);
  }
}
