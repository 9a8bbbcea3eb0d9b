package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossTradeWebhookTest {

  private static final OrderRef REF = new OrderRef("crosstrade-webhook", "Sim101", "my-1");

  private Simulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.of(VenueKind.CROSSTRADE_WEBHOOK));
    client = new Client(simulator.venueUrl("crosstrade-webhook"), null);
    simulator
        .book()
        .place(NewOrder.of("crosstrade-webhook", "Sim101", "my-1", "1").named("STOP2", "s-1"));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=sim-key;command=CANCEL;order_id=my-1;",
        // The documents' example, line by line: no semicolon after the command.
        "key=sim-key;\ncommand=CANCEL\norder_id=my-1;\nstrategy_id=s-1;",
        "key=sim-key;\r\ncommand=CANCEL\r\norder_id=STOP2;\r\nstrategy_id=s-1;\r\n",
        "key=sim-key;\ncommand=CANCEL;\norder_id=STOP2;\nstrategy_id=s-1;\n"
      })
  void shouldCancelByIdOrByNameWithStrategy(String body) throws Exception {
    // When
    var response = client.post("", body);

    // Then
    assertThat(response.body()).isEqualTo("{\"success\":true}");
    assertThat(simulator.book().find(REF).open()).isFalse();
    assertThat(simulator.journal().calls(REF))
        .extracting(JournalCall::effect)
        .containsExactly(Effect.CANCELED_NOW);
    assertThat(simulator.journal().since(1, 100).toString()).doesNotContain("sim-key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=sim-key;command=CANCEL;order_id=my-1",
        "key=sim-key;command=CANCEL;order_id=STOP2;",
        "key=sim-key;command=CANCEL;order_id=;",
        "key=sim-key;command=FLATTEN;order_id=my-1;"
      })
  void shouldRefuseACommandThatIsNotWellFormed(String body) throws Exception {
    // When
    var response = client.post("", body);

    // Then
    assertThat(response.statusCode()).isIn(400, 401);
    assertThat(simulator.book().find(REF).open()).isTrue();
  }

  @Test
  void shouldTakeACommandForAnOrderThatItDoesNotKnow() throws Exception {
    // When
    var unknown = client.post("", "key=sim-key;command=CANCEL;order_id=none;");
    var wrong = client.post("", "key=other;command=CANCEL;order_id=my-1;");

    // Then
    assertThat(List.of(unknown.statusCode(), wrong.statusCode())).containsExactly(200, 401);
    assertThat(simulator.journal().calls(CallKind.CANCEL))
        .extracting(JournalCall::effect)
        .containsExactly(Effect.UNKNOWN, Effect.NONE);
  }
}
