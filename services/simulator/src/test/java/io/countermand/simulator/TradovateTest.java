package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.venue.TradovateBodies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TradovateTest {

  private static final OrderRef REF = new OrderRef("tradovate", "25", "210518");
  private static final String CANCEL = "/order/cancelorder";
  private static final String BODY = "{\"orderId\":210518,\"isAutomated\":true}";

  private final TestClock clock = new TestClock("2026-03-03T12:00:00Z");
  private Simulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    var instance =
        InstanceOptions.of("tradovate", VenueKind.TRADOVATE)
            .withTokenLife(Duration.ofHours(10))
            .withLimits(new SimulatedLimits(8, 8, Duration.ofHours(1), Duration.ofHours(1)));
    simulator = Simulator.start(SimulatorOptions.of(List.of(instance)).withClock(clock));
    client = new Client(simulator.venueUrl("tradovate"), null);
    simulator.book().place(NewOrder.of("tradovate", "25", "210518", "2"));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Test
  void shouldTakeACancelAndSayTooLateAfterwards() throws Exception {
    // Given
    var client = login();

    // When
    var taken = json(client.post(CANCEL, BODY).body());
    var late = json(client.post(CANCEL, BODY).body());
    var item = json(client.get("/order/item?id=210518").body());

    // Then
    assertThat(taken).isEqualTo(json("{\"commandId\":1}"));
    assertThat(late.path("failureReason").asText()).isEqualTo("TooLate");
    assertThat(item.path("ordStatus").asText()).isEqualTo("Canceled");
    assertThat(item.path("accountId").asLong()).isEqualTo(25);
    assertThat(simulator.book().find(REF).open()).isFalse();
  }

  @Test
  void shouldLayOutResultsAsTheSeedDoes() throws Exception {
    // When
    var body = TradovateBodies.result("AccountClosed", "string", 1);

    // Then
    assertThat(body).isEqualTo(Seeds.block("tradovate-result"));
  }

  @Test
  void shouldRefuseWhatIsNotWellFormed() throws Exception {
    // Given
    var client = login();

    // When
    var text = client.post(CANCEL, "{\"orderId\":\"210518\"}");
    var unknown = client.post(CANCEL, "{\"orderId\":1}");
    var tag = client.post(CANCEL, "{\"orderId\":210518,\"clOrdId\":\"" + "x".repeat(65) + "\"}");

    // Then
    assertThat(List.of(text.statusCode(), unknown.statusCode(), tag.statusCode()))
        .containsExactly(400, 404, 200);
    assertThat(json(tag.body()).has("violations")).isTrue();
    assertThat(simulator.book().find(REF).open()).isTrue();
  }

  @Test
  void shouldStartTheLockOutAnewForARequestInsideIt() throws Exception {
    // Given
    var client = login();
    var statuses = new ArrayList<Integer>();
    for (int i = 0; i < 8; i++) {
      statuses.add(client.get("/order/item?id=210518").statusCode());
    }

    // When
    clock.pass(Duration.ofMinutes(59));
    var inside = client.post(CANCEL, BODY);
    clock.pass(Duration.ofMinutes(59));
    var still = client.post(CANCEL, BODY);
    clock.pass(Duration.ofMinutes(60));
    var after = login().post(CANCEL, BODY);

    // Then
    assertThat(statuses).containsExactly(200, 200, 200, 200, 200, 200, 200, 429);
    assertThat(List.of(inside.statusCode(), still.statusCode(), after.statusCode()))
        .containsExactly(429, 429, 200);
    assertThat(inside.body()).isEmpty();
    assertThat(simulator.journal().calls(CallKind.CANCEL))
        .extracting(call -> call.answered().fault())
        .containsExactly("locked-out", "locked-out", null);
  }

  @Test
  void shouldAllowFiveTokenRequestsAnHourAndTwoSessions() throws Exception {
    // Given
    var first = login();
    login();
    login();

    // When
    var withdrawn = first.get("/order/item?id=210518");
    var renewed = login().get("/auth/renewaccesstoken");
    var sixth = client.post("/auth/accesstokenrequest", credentials("sim-password"));

    // Then
    assertThat(List.of(withdrawn.statusCode(), renewed.statusCode(), sixth.statusCode()))
        .containsExactly(401, 200, 429);
    assertThat(json(renewed.body()).path("expirationTime").asText())
        .isEqualTo("2026-03-03T22:00:00Z");
  }

  @Test
  void shouldSayWrongCredentialsWith200() throws Exception {
    // When
    var answer = client.post("/auth/accesstokenrequest", credentials("wrong"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer.body()).has("errorText")).isTrue();
  }

  @Test
  void shouldTakeTheSameRequestWithItsTicketInTime() throws Exception {
    // Given
    var client = login();
    simulator.faults().next("tradovate", new Fault.Ticket(15, false));

    // When
    var penalty = json(client.post(CANCEL, BODY).body());
    clock.pass(Duration.ofSeconds(14));
    var early = json(client.post(CANCEL, with(penalty)).body());
    clock.pass(Duration.ofSeconds(15));
    var taken = json(client.post(CANCEL, with(early)).body());

    // Then
    assertThat(penalty.path("p-time").asInt()).isEqualTo(15);
    assertThat(early.has("p-ticket")).isTrue();
    assertThat(taken.has("commandId")).isTrue();
    assertThat(simulator.journal().calls(REF))
        .extracting(call -> call.answered().fault())
        .containsExactly("ticket", "ticket-early", null);
  }

  @Test
  void shouldTakeNothingForAnHourAfterACaptcha() throws Exception {
    // Given
    var client = login();
    simulator.faults().next("tradovate", new Fault.Ticket(60, true));
    var captcha = json(client.post(CANCEL, BODY).body());

    // When
    clock.pass(Duration.ofMinutes(59));
    var inside = json(client.post(CANCEL, BODY).body());
    clock.pass(Duration.ofMinutes(60));
    var after = json(client.post(CANCEL, BODY).body());

    // Then
    assertThat(captcha.path("p-captcha").asBoolean()).isTrue();
    assertThat(inside.path("p-captcha").asBoolean()).isTrue();
    assertThat(after.has("commandId")).isTrue();
  }

  private static String with(JsonNode penalty) {
    return "{\"orderId\":210518,\"isAutomated\":true,\"p-ticket\":"
        + penalty.path("p-ticket")
        + "}";
  }

  private Client login() throws Exception {
    var answer = client.post("/auth/accesstokenrequest", credentials("sim-password"));
    return client.withToken(json(answer.body()).path("accessToken").asText());
  }

  private static String credentials(String password) {
    return "{\"name\":\"sim-user@example.com\",\"password\":\""
        + password
        + "\",\"cid\":1,\"sec\":\"sim-key\"}";
  }

  private static JsonNode json(String body) {
    return SimulatorJson.parse(body);
  }
}
