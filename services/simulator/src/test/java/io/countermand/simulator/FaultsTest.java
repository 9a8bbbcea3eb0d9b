package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.fault.Garbling;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.SimulatorJson;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {

  private static final OrderRef REF = new OrderRef("crosstrade", "a", "1");
  private static final String CANCEL = "/v1/api/accounts/a/orders/1/cancel";

  private Simulator simulator;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(SimulatorOptions.of(VenueKind.CROSSTRADE));
    client = Client.of(simulator, "crosstrade");
    simulator.book().place(NewOrder.of("crosstrade", "a", "1", "2"));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldResetBeforeOrAfterTheEffect(boolean effect) {
    // Given
    simulator.faults().next("crosstrade", new Fault.Reset(effect));

    // When
    assertThatThrownBy(() -> client.post(CANCEL, "{}")).isInstanceOf(IOException.class);

    // Then
    assertThat(simulator.book().find(REF).open()).isNotEqualTo(effect);
    assertThat(last().answered())
        .extracting("effect", "fault", "status")
        .containsExactly(effect ? Effect.CANCELED_NOW : Effect.NONE, "reset", 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldFailBeforeOrAfterTheEffect(boolean effect) throws Exception {
    // Given
    simulator.faults().next("crosstrade", new Fault.ServerError(effect, 503));

    // When
    var answer = client.post(CANCEL, "{}");

    // Then
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(simulator.book().find(REF).open()).isNotEqualTo(effect);
  }

  @Test
  void shouldCloseWithoutAnAnswer() {
    // Given
    simulator.faults().next("crosstrade", new Fault.NoAnswer(true, Duration.ofMillis(20)));

    // When
    assertThatThrownBy(() -> client.post(CANCEL, "{}")).isInstanceOf(IOException.class);

    // Then
    assertThat(simulator.book().find(REF).status()).isEqualTo(OrdStatus.CANCELED);
  }

  @Test
  void shouldLimitWithAndWithoutRetryAfter() throws Exception {
    // Given
    simulator.faults().next("crosstrade", new Fault.TooMany("7"));
    simulator.faults().next("crosstrade", new Fault.TooMany(null));

    // When
    var with = client.post(CANCEL, "{}");
    var without = client.post(CANCEL, "{}");
    var good = client.post(CANCEL, "{}");

    // Then
    assertThat(with.headers().firstValue("Retry-After")).contains("7");
    assertThat(without.headers().firstValue("Retry-After")).isEmpty();
    assertThat(List.of(with.statusCode(), without.statusCode(), good.statusCode()))
        .containsExactly(429, 429, 200);
  }

  @Test
  void shouldTakeACancelOfAnOrderThatFillsFirst() throws Exception {
    // Given
    simulator.faults().next("crosstrade", new Fault.FilledFirst());

    // When
    var answer = client.post(CANCEL, "{}");

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(simulator.book().find(REF).status()).isEqualTo(OrdStatus.FILLED);
    assertThat(last().effect()).isEqualTo(Effect.FILLED_FIRST);
  }

  @ParameterizedTest
  @EnumSource(
      value = Garbling.class,
      names = {"CUT", "ENDLESS", "STALLED"},
      mode = EnumSource.Mode.EXCLUDE)
  void shouldSpoilTheAnswerAfterTheEffect(Garbling how) throws Exception {
    // Given
    simulator.faults().next("crosstrade", new Fault.Garbled(how));

    // When
    var answer = client.post(CANCEL, "{}");

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(simulator.book().find(REF).status()).isEqualTo(OrdStatus.CANCELED);
    boolean whole = List.of(Garbling.HUGE, Garbling.EXTRA_FIELDS).contains(how);
    assertThat(SimulatorJson.parse(answer.body()).path("success").asBoolean())
        .isEqualTo(whole || how == Garbling.WRONG_CONTENT_TYPE);
  }

  @Test
  void shouldCutTheBody() {
    // Given
    simulator.faults().next("crosstrade", new Fault.Garbled(Garbling.CUT));

    // Then
    assertThatThrownBy(() -> client.post(CANCEL, "{}")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Garbling.class,
      names = {"ENDLESS", "STALLED"})
  void shouldSendHeadersAndNeverEnd(Garbling how) throws Exception {
    // Given
    simulator.faults().next("crosstrade", new Fault.Garbled(how));
    var request = client.request(CANCEL).POST(BodyPublishers.ofString("{}")).build();

    // When
    HttpResponse<java.io.InputStream> answer =
        Client.HTTP.send(request, BodyHandlers.ofInputStream());

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    try (var body = answer.body()) {
      assertThat(body.read()).isEqualTo('{');
    }
  }

  @Test
  void shouldEndWhatItHoldsWhenItIsClosed() {
    // Given
    simulator.faults().next("crosstrade", new Fault.Garbled(Garbling.STALLED));
    var request = client.request(CANCEL).POST(BodyPublishers.ofString("{}")).build();
    var answer = Client.HTTP.sendAsync(request, BodyHandlers.ofString());
    while (simulator.journal().calls(REF).isEmpty()) {
      Thread.onSpinWait();
    }

    // When
    simulator.close();

    // Then
    assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .isNotInstanceOf(TimeoutException.class);
  }

  @Test
  void shouldMeetOnlyTheOrderAndKindOfTheRule() throws Exception {
    // Given
    simulator.book().place(NewOrder.of("crosstrade", "a", "2", "2"));
    simulator
        .faults()
        .add(
            FaultRule.next("crosstrade", 1, new Fault.ServerError(false, 500))
                .forOrder("2")
                .on(CallKind.CANCEL));

    // When
    var other = client.post(CANCEL, "{}");
    var look = client.get("/v1/api/accounts/a/orders/2/status");
    var met = client.post(CANCEL.replace("/1/", "/2/"), "{}");
    var again = client.post(CANCEL.replace("/1/", "/2/"), "{}");

    // Then
    assertThat(List.of(other.statusCode(), look.statusCode(), met.statusCode(), again.statusCode()))
        .containsExactly(200, 200, 500, 200);
  }

  @Test
  void shouldFallTheSameWayForASeed() throws Exception {
    // When
    var once = fallen(7);
    var twice = fallen(7);
    var other = fallen(8);

    // Then
    assertThat(once).isEqualTo(twice).isNotEqualTo(other);
    assertThat(once.stream().filter(status -> status == 500).count()).isBetween(20L, 80L);
  }

  private static List<Integer> fallen(long seed) throws Exception {
    var options = SimulatorOptions.of(VenueKind.CROSSTRADE).withSeed(seed);
    var statuses = new ArrayList<Integer>();
    try (var simulator = Simulator.start(options)) {
      simulator
          .faults()
          .add(
              FaultRule.random(
                  null, 0.25, List.of(new Fault.ServerError(false, 500), new Fault.TooMany(null))));
      for (int i = 0; i < 400; i++) {
        var path = "/v1/api/accounts/a/orders/none/status";
        statuses.add(Client.of(simulator, "crosstrade").get(path).statusCode());
      }
    }
    return statuses;
  }

  private JournalCall last() {
    return simulator.journal().calls(REF).getLast();
  }
}
