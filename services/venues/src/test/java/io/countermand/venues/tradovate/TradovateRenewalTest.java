package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Renewals that fail, and what they may cost: never a cancel, and no login before its time. */
@Timeout(150)
class TradovateRenewalTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();
  private final AtomicInteger issued = new AtomicInteger();
  private volatile Duration life = Duration.ofMinutes(90);
  private volatile Instant end = Instant.MIN;
  private volatile boolean forgotten;
  private volatile TestServer.Script renewal = this::issue;
  private final VenueAdapter adapter =
      Venues.create("tradovate", TradovateSettings.of(server.url() + "/v1", Map.of(), clock));

  /** Takes the newest token only, and until it ends. */
  private boolean venue(TestServer.Request request, java.net.Socket socket)
      throws java.io.IOException {
    if (request.line().contains("renewaccesstoken")) {
      return renewal.answer(request, socket);
    }
    if (request.line().contains("accesstokenrequest")) {
      return issue(request, socket);
    }
    boolean taken =
        ("Bearer t-" + issued.get()).equals(request.header("Authorization"))
            && clock.instant().isBefore(end)
            && !forgotten;
    return TestServer.json(taken ? 200 : 401, taken ? "{\"commandId\":1}" : "")
        .answer(request, socket);
  }

  private boolean issue(TestServer.Request request, java.net.Socket socket)
      throws java.io.IOException {
    forgotten = false;
    end = clock.instant().plus(life);
    return TestServer.json(200, TradovateSettings.token("t-" + issued.incrementAndGet(), end))
        .answer(request, socket);
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel() {
    return adapter.cancel(Requests.cancel("a", "1"), LONG);
  }

  private long calls(String path) {
    return server.requests().stream().filter(request -> request.line().contains(path)).count();
  }

  private static TestServer.Script script(String name) {
    return switch (name) {
      case "broken" -> (request, socket) -> false;
      default -> TestServer.json(Integer.parseInt(name), "{}");
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "404", "503", "200", "broken"})
  void shouldLogInBeforeTheTokenEndsWhenRenewalsFail(String failure) {
    server.always(this::venue);
    renewal = script(failure);
    cancel();
    clock.forward(Duration.ofMinutes(74));

    for (int minute = 75; minute < 100; minute++) {
      clock.forward(Duration.ofMinutes(1));
      assertThat(cancel().reply()).as("minute %d", minute).isInstanceOf(Reply.Accepted.class);
    }

    await().atMost(PATIENCE).until(() -> calls("accesstokenrequest") == 2);
    // The JDK sends a GET again where a connection broke.
    assertThat(calls("renewaccesstoken")).isBetween(1L, 16L);
  }

  @Test
  void shouldServeACancelASecondWithTokensOfAMinuteAndFailingRenewals() {
    server.always(this::venue);
    life = Duration.ofSeconds(60);
    renewal = script("500");

    for (int second = 0; second < 180; second++) {
      assertThat(cancel().reply()).as("second %d", second).isInstanceOf(Reply.Accepted.class);
      clock.forward(Duration.ofSeconds(1));
    }

    assertThat(calls("accesstokenrequest")).isBetween(3L, 4L);
  }

  @Test
  void shouldNotCountRenewalsAmongLogins() {
    server.always(this::venue);
    life = Duration.ofMinutes(8);
    cancel();
    for (int n = 2; n <= 8; n++) {
      int expected = n;
      clock.forward(Duration.ofMinutes(7));
      await().atMost(PATIENCE).until(() -> issued.get() == expected);
      cancel(); // else the clock may go on before the adapter has the token, which then is old at
      // once
    }
    forgotten = true;

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(cancel().reply()).isInstanceOf(Reply.Accepted.class));

    assertThat(calls("renewaccesstoken")).isEqualTo(7);
    assertThat(calls("accesstokenrequest")).isEqualTo(2);
  }

  @Test
  void shouldRenewByItselfWhileNobodyCancels() {
    server.always(this::venue);
    cancel();

    for (int n = 2; n <= 5; n++) {
      int expected = n;
      clock.forward(Duration.ofMinutes(76));
      await().atMost(PATIENCE).until(() -> issued.get() == expected);
      cancel(); // waits until the adapter has it, see below
    }

    assertThat(calls("accesstokenrequest")).isEqualTo(1);
    assertThat(calls("renewaccesstoken")).isEqualTo(4);
  }

  @Test
  void shouldNotGuessByItselfAfterARefusedLogin() {
    server.always(TestServer.json(200, "{\"errorText\":\"wrong\"}"));
    cancel();
    clock.forward(Duration.ofHours(3));

    await()
        .atMost(PATIENCE)
        .during(Duration.ofMillis(600))
        .until(() -> server.requests().size() == 1);

    cancel();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void shouldNotLogInAgainSinceTheVenuesClockIsSlow() {
    server.always(
        (request, socket) ->
            request.line().contains("/auth/")
                ? TestServer.json(
                        200, TradovateSettings.token("t-1", Instant.parse("2026-03-03T11:59:40Z")))
                    .answer(request, socket)
                : TestServer.json(200, "{\"commandId\":1}").answer(request, socket));

    cancel();
    clock.forward(Duration.ofMinutes(10));
    cancel();

    assertThat(calls("/auth/")).isEqualTo(1);
  }

  /** Each 401 would cost a login, and five an hour are soon used up. */
  @Test
  void shouldNotLogInAgainAndAgainForOneOrderThatIsRefused() {
    server.always(
        (request, socket) ->
            request.body().contains("\"orderId\":13")
                ? TestServer.json(401, "").answer(request, socket)
                : venue(request, socket));

    for (int i = 0; i < 20; i++) {
      assertThat(adapter.cancel(Requests.cancel("a", "13"), LONG).reply())
          .isInstanceOf(Reply.Unauthorized.class);
      assertThat(cancel().reply()).isInstanceOf(Reply.Accepted.class);
      clock.forward(Duration.ofSeconds(1));
    }

    assertThat(calls("accesstokenrequest")).isLessThanOrEqualTo(2);
  }

  @Test
  void shouldTakeATokenThatSomebodyElseGot() {
    server.always(TestServer.json(200, "{\"commandId\":1}"));
    VenueSettings settings =
        VenueSettings.of(
            "tv",
            URI.create(server.url() + "/v1"),
            Credentials.of(Map.of("token", "given")),
            Map.of(),
            clock);

    try (VenueAdapter fixed = Venues.create("tradovate", settings)) {
      assertThat(fixed.cancel(Requests.cancel("a", "1"), LONG).reply())
          .isInstanceOf(Reply.Accepted.class);
    }

    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().getFirst().header("Authorization")).isEqualTo("Bearer given");
  }
}
