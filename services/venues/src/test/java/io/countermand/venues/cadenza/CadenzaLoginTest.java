package io.countermand.venues.cadenza;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Login, rotating refresh, single flight: the whole life of an issued token. */
@Timeout(150)
class CadenzaLoginTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ID = "770e8400-e29b-41d4-a716-446655440002";

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();
  private final AtomicInteger issued = new AtomicInteger();
  private final VenueSettings settings =
      VenueSettings.of(
          "cadenza",
          server.url(),
          Credentials.of(Map.of("email", "me@example.com", "password", "pa\"ss")),
          Map.of(),
          clock);
  private final VenueAdapter adapter = Venues.create("cadenza", settings);

  /** Takes only the token issued last; a refresh token only once. */
  private final TestServer.Script venue =
      (request, socket) -> {
        String path = request.line().split(" ", -1)[1];
        boolean login = path.equals("/api/v3/auth/login");
        boolean refresh =
            path.equals("/api/v3/auth/token/refresh")
                && request.body().contains("\"refresh-" + issued.get() + "\"");
        if (login || refresh) {
          return TestServer.json(200, tokens(issued.incrementAndGet())).answer(request, socket);
        }
        if (path.startsWith("/api/v3/auth")) {
          return TestServer.json(401, "{\"success\":false,\"errno\":-100003,\"error\":\"Expired\"}")
              .answer(request, socket);
        }
        boolean current = ("Bearer access-" + issued.get()).equals(request.header("Authorization"));
        return current
            ? TestServer.json(200, CadenzaTest.SUCCESS).answer(request, socket)
            : TestServer.json(401, "{\"success\":false,\"errno\":-19002,\"error\":\"no\"}")
                .answer(request, socket);
      };

  private static String tokens(int n) {
    return """
    {"data":{"accessToken":"access-%d","refreshToken":"refresh-%d","tokenType":"bearer",\
    "expiresIn":3600,"expiresAt":0},"success":true,"errno":0,"error":null}\
    """
        .formatted(n, n);
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel() {
    return adapter.cancel(Requests.cancel("a", ID), LONG);
  }

  private List<String> paths() {
    return server.requests().stream()
        .map(request -> request.line().split(" ", -1)[1].replace("/api/v3/", ""))
        .toList();
  }

  @Test
  void shouldLogInOnceForManyWaitingCalls() throws Exception {
    CountDownLatch atLogin = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server
        .then(
            (request, socket) -> {
              atLogin.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                return false;
              }
              return venue.answer(request, socket);
            })
        .always(venue);
    List<Callable<Reply>> calls = Collections.nCopies(30, () -> cancel().reply());

    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> futures = new ArrayList<>();
      calls.forEach(call -> futures.add(threads.submit(call)));
      atLogin.await();
      go.countDown();
      for (Future<Reply> reply : futures) {
        replies.add(reply.get());
      }
    }

    assertThat(replies).allMatch(Reply.Canceled.class::isInstance);
    assertThat(paths().stream().filter(path -> path.startsWith("auth")))
        .containsExactly("auth/login");
    assertThat(server.requests().getFirst().body())
        .isEqualTo("{\"email\":\"me@example.com\",\"password\":\"pa\\\"ss\"}");
  }

  @Test
  void shouldRenewBeforeExpiryWithoutMakingCallsWait() {
    server.always(venue);
    cancel();
    clock.forward(Duration.ofMinutes(55));

    Reply during = cancel().reply();
    await().atMost(PATIENCE).until(() -> issued.get() == 2);

    assertThat(during).isInstanceOf(Reply.Canceled.class);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(cancel().reply()).isInstanceOf(Reply.Canceled.class));
    assertThat(paths()).contains("auth/token/refresh").containsOnlyOnce("auth/login");
  }

  @Test
  void shouldRenewOnceOn401AndSendAgain() throws Exception {
    server.always(venue);
    cancel();
    issued.incrementAndGet(); // the venue forgets the token that we have
    List<Callable<Reply>> calls = Collections.nCopies(10, () -> cancel().reply());

    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> reply : threads.invokeAll(calls)) {
        replies.add(reply.get());
      }
    }

    assertThat(replies).allMatch(Reply.Canceled.class::isInstance);
    assertThat(paths().stream().filter("auth/token/refresh"::equals)).hasSize(1); // refused
    assertThat(paths().stream().filter("auth/login"::equals)).hasSize(2);
  }

  /** B9: tokens that are taken for ten seconds only, refreshes that never work. */
  @Test
  void shouldLogInWhereARefreshFails() {
    AtomicInteger served = new AtomicInteger();
    server.always(
        (request, socket) -> {
          if (request.line().contains("/token/refresh")) {
            return TestServer.json(500, "{}").answer(request, socket);
          }
          if (request.line().contains("/auth/login")) {
            served.set(0);
            return venue.answer(request, socket);
          }
          return served.getAndIncrement() < 10
              ? venue.answer(request, socket)
              : TestServer.json(401, "{\"success\":false,\"errno\":-19002,\"error\":\"no\"}")
                  .answer(request, socket);
        });

    for (int second = 0; second < 60; second++) {
      assertThat(cancel().reply()).as("second %d", second).isInstanceOf(Reply.Canceled.class);
      clock.forward(Duration.ofSeconds(1));
    }

    assertThat(paths().stream().filter("auth/login"::equals)).hasSizeBetween(6, 7);
  }

  @Test
  void shouldPauseAfterSecond401() {
    server
        .then(venue)
        .then(TestServer.json(401, "{}"))
        .then(venue)
        .then(TestServer.json(401, "{}"))
        .then(TestServer.json(401, "{}")); // the probe with the new token

    CallResult twice = cancel();
    CallResult next = cancel();

    assertThat(twice.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(twice.sent()).isTrue();
    assertThat(((Reply.NotSent) next.reply()).reason()).isEqualTo(Reason.UNAUTHORIZED);
    assertThat(server.requests()).hasSize(5);
  }

  @Test
  void shouldNotSendWhenLoginIsRefused() {
    server.always(
        TestServer.json(401, "{\"success\":false,\"errno\":-1,\"error\":\"bad me@example.com\"}"));

    CallResult refused = cancel();

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(refused.sent()).isFalse();
    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause)
        .isEqualTo(Pause.Cause.UNAUTHORIZED);
    assertThat(paths()).containsExactly("auth/login");
  }

  @Test
  void shouldSayUnavailableWhenLoginFailsAndBackOff() {
    server.always(TestServer.json(500, "{}"));

    CallResult first = cancel();
    CallResult second = cancel();
    clock.forward(Duration.ofSeconds(1));
    CallResult third = cancel();

    assertThat(List.of(first, second, third))
        .allMatch(answer -> !answer.sent())
        .allMatch(
            answer ->
                answer.reply() instanceof Reply.NotSent notSent
                    && notSent.reason() == Reason.VENUE_UNAVAILABLE);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void shouldNotWaitLongerThanItsTimeoutForAToken() {
    server.then(server.stall(""));

    CallResult answer = adapter.cancel(Requests.cancel("a", ID), Duration.ofMillis(100));

    assertThat(answer.reply()).isInstanceOf(Reply.NotSent.class);
    assertThat(answer.sent()).isFalse();
  }

  @Test
  void shouldNotRepeatTokensOfAnAnswerNobodyUnderstood() {
    server.always(TestServer.json(200, "{\"data\":{\"accesstoken\":\"leaked\"},\"success\":true}"));

    assertThat(cancel().toString()).doesNotContain("leaked");
  }

  @Test
  void shouldNotUseTokenThatNoHeaderCarries() {
    server.always(TestServer.json(200, tokens(1).replace("access-1", "acc\\r\\nX-Evil: 1")));

    CallResult answer = cancel();

    assertThat(answer.reply()).isInstanceOf(Reply.NotSent.class);
    assertThat(answer.toString()).doesNotContain("Evil");
    assertThat(paths()).containsExactly("auth/login");
  }

  @Test
  void shouldScrubIssuedTokens() {
    server.then(venue).then(TestServer.json(400, "{\"error\":\"token access-1 refresh-1\"}"));

    assertThat(cancel().toString()).contains("token *** ***").doesNotContain("access-1");
  }
}
