package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(150)
class TradovateLoginTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  private final SetClock clock = new SetClock(NOW.toString());
  private final TestServer server = new TestServer();
  private final AtomicInteger issued = new AtomicInteger();
  private final VenueSettings settings =
      TradovateSettings.of(server.url() + "/v1", Map.of("app-id", "App"), clock);
  private final VenueAdapter adapter = Venues.create("tradovate", settings);

  private final TestServer.Script venue =
      (request, socket) -> {
        String body =
            request.line().contains("/auth/")
                ? TradovateSettings.token(
                    "t-" + issued.incrementAndGet(), clock.instant().plusSeconds(5400))
                : "{\"commandId\":1}";
        return TestServer.json(200, body).answer(request, socket);
      };

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel() {
    return adapter.cancel(Requests.cancel("a", "1"), LONG);
  }

  private List<String> tokenCalls() {
    return server.requests().stream()
        .map(TestServer.Request::line)
        .filter(line -> line.contains("/auth/"))
        .toList();
  }

  @Test
  void shouldRequestTokenAsDocumented() {
    server.always(venue);

    cancel();

    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line()).isEqualTo("POST /v1/auth/accesstokenrequest HTTP/1.1");
    assertThat(request.header("Authorization")).isNull();
    assertThat(request.body())
        .isEqualTo(
            "{\"name\":\"user\",\"password\":\"pass-word\",\"appId\":\"App\",\"appVersion\":\"1.0\","
                + "\"cid\":8,\"sec\":\"sec-ret\"}");
  }

  @Test
  void shouldRenewFifteenMinutesBeforeExpiry() {
    server.always(venue);
    cancel();
    clock.forward(Duration.ofMinutes(75).minusSeconds(1));
    cancel();
    assertThat(tokenCalls()).hasSize(1);
    clock.forward(Duration.ofSeconds(1));

    cancel();
    await().atMost(PATIENCE).until(() -> issued.get() == 2);

    assertThat(tokenCalls())
        .containsExactly(
            "POST /v1/auth/accesstokenrequest HTTP/1.1", "GET /v1/auth/renewaccesstoken HTTP/1.1");
    TestServer.Request renewal =
        server.requests().stream()
            .filter(r -> r.line().contains("renew"))
            .findFirst()
            .orElseThrow();
    assertThat(renewal.header("Authorization")).isEqualTo("Bearer t-1");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              cancel();
              assertThat(server.requests().getLast().header("Authorization"))
                  .isEqualTo("Bearer t-2");
            });
  }

  @Test
  void shouldMakeAtMostFiveTokenRequestsInAnHour() {
    server.always(
        (request, socket) ->
            request.line().contains("/auth/")
                ? venue.answer(request, socket)
                : TestServer.json(401, "").answer(request, socket));
    for (int minute = 0; minute < 59; minute++) {
      cancel();
      clock.forward(Duration.ofMinutes(1));
    }
    int withinTheHour = tokenCalls().size();
    CallResult refused = cancel();
    clock.forward(Duration.ofMinutes(2));

    cancel();

    assertThat(withinTheHour).isEqualTo(5);
    assertThat(((Reply.NotSent) refused.reply()).reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(refused.reply().told().message()).contains("2026-03-03T13:00:00Z");
    assertThat(tokenCalls()).hasSizeBetween(6, 10);
  }

  @Test
  void shouldWaitOutPenaltyOfLoginAndShowTicket() {
    server.then(TestServer.json(200, "{\"p-ticket\":\"tick\",\"p-time\":15}")).always(venue);

    CallResult penalised = cancel();
    clock.forward(Duration.ofSeconds(14));
    CallResult inside = cancel();
    clock.forward(Duration.ofSeconds(1));
    CallResult after = cancel();

    assertThat(penalised.reply()).isInstanceOf(Reply.RetryLater.class);
    assertThat(((Reply.RetryLater) penalised.reply()).continuation()).isNull();
    assertThat(penalised.sent()).isFalse();
    assertThat(((Reply.NotSent) inside.reply()).reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(after.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(tokenCalls()).hasSize(2);
    assertThat(server.requests().get(1).body())
        .endsWith("\"sec\":\"sec-ret\",\"p-ticket\":\"tick\"}");
  }

  @Test
  void shouldStopForAnHourWhenLoginIsLocked() {
    server.then(TestServer.json(423, "")).always(venue);

    CallResult locked = cancel();
    clock.forward(Duration.ofMinutes(59));
    cancel();

    assertThat(((Reply.RetryLater) locked.reply()).at()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void shouldPauseWhenCredentialsAreRefusedAndShowNoSecret() {
    server.always(TestServer.json(200, "{\"errorText\":\"Incorrect pass-word for user\"}"));

    CallResult refused = cancel();

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(refused.toString()).doesNotContain("pass-word").contains("Incorrect ***");
    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause)
        .isEqualTo(Pause.Cause.UNAUTHORIZED);
    assertThat(settings.governor().paused().toString()).doesNotContain("pass-word");
    assertThat(settings.toString()).doesNotContain("pass-word").doesNotContain("sec-ret");
  }

  @Test
  void shouldRequestAnewWhenVenueForgotTheToken() {
    server
        .then(venue)
        .then(TestServer.json(401, "{\"errorText\":\"Expired Access Token\"}"))
        .always(venue);

    CallResult answer = cancel();

    assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(tokenCalls()).hasSize(2).allMatch(line -> line.startsWith("POST"));
  }
}
