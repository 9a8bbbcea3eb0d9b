package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.TestWebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(150)
class CrossTradeWsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final TestWebSocket.Script SILENT = (peer, text) -> {};
  private static final TestWebSocket.Script ACCEPT =
      (peer, text) -> peer.send("{\"id\":\"%s\",\"data\":{\"success\":true}}".formatted(id(text)));

  private final TestWebSocket server = new TestWebSocket(ACCEPT);
  private final VenueSettings settings =
      VenueSettings.of(
          "ct",
          server.url(),
          Credentials.of(Map.of("token", "my-secret-token")),
          Map.of("ping-interval", "PT5M"),
          Clock.systemUTC());

  /** Pings only when it suspects something: a busy machine's late pong breaks no connection. */
  private final VenueAdapter adapter = Venues.create("crosstrade-ws", settings);

  private static String id(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).path("id").textValue();
  }

  private static String orderId(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8))
        .path("args")
        .path("orderId")
        .textValue();
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel(String orderId, Duration timeout) {
    return adapter.cancel(Requests.cancel("Sim101", orderId), timeout);
  }

  @Test
  void shouldWriteSeedRequest() {
    String seed =
        """
        {
        "action": "rpc",
        "id": "my-request-id",
        "api": "Cancel",
        "args": {
        "account": "Sim101",
        "orderId": "492281fc515e431692da57d957cfebb6"
        }
        }\
        """;

    String message =
        CrossTradeRpc.message(
            "my-request-id",
            "Cancel",
            new OrderRef("ct", "Sim101", "492281fc515e431692da57d957cfebb6"));

    assertThat(Json.parse(message.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Json.parse(seed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void shouldAuthenticateInHandshakeAndCallOverOneConnection() {
    CallResult first = cancel("a", LONG);
    CallResult second = cancel("b", LONG);

    assertThat(List.of(first.reply(), second.reply())).allMatch(Reply.Accepted.class::isInstance);
    assertThat(server.handshakes())
        .singleElement()
        .asString()
        .contains("Authorization: Bearer my-secret-token");
    assertThat(first.toString()).doesNotContain("my-secret-token");
    assertThat(first.request()).contains("\"api\":\"Cancel\"");
  }

  @Test
  void shouldMatchAnswersInAnyOrderAndIgnoreSecondOnes() throws Exception {
    List<String> held = Collections.synchronizedList(new ArrayList<>());
    server.script(
        (peer, text) -> {
          held.add(text);
          if (held.size() == 20) {
            List<String> reversed = new ArrayList<>(held);
            Collections.reverse(reversed);
            for (String call : reversed) {
              String gone =
                  "{\"id\":\"%s\",\"data\":{\"error\":\"Order linked to '%s' not found or already terminal.\"}}"
                      .formatted(id(call), orderId(call));
              peer.send("{\"type\":\"marketData\",\"quotes\":[]}");
              peer.send(gone);
              peer.send("{\"id\":\"%s\",\"data\":{\"success\":true}}".formatted(id(call)));
            }
          }
        });
    List<Callable<Reply>> calls = new ArrayList<>();
    List<Reply> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String orderId = "order-" + i;
      calls.add(() -> cancel(orderId, LONG).reply());
      expected.add(
          new Reply.GoneOrUnknown(
              ReplyDetails.of(
                  null, "Order linked to '%s' not found or already terminal.".formatted(orderId))));
    }

    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> reply : threads.invokeAll(calls)) {
        replies.add(reply.get());
      }
    }

    assertThat(replies).isEqualTo(expected);
    assertThat(server.handshakes()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"error\":\"Invalid request\"|Refused",
        "\"data\":{\"error\":\"Invalid request\"}|Refused",
        "\"data\":{\"success\":false,\"error\":\"invalid_account\",\"detail\":\"x\"}|Refused",
        "\"error\":\"Rate limit exceeded\"|RetryLater",
        "\"error\":\"unauthorized\"|Unauthorized",
        "\"success\":true|Accepted",
        "\"data\":{\"success\":true},\"error\":\"x\"|Ambiguous",
        "\"data\":{}|Ambiguous",
        "\"data\":null|Ambiguous",
      })
  void shouldClassify(String rest, String reply) {
    server.script((peer, text) -> peer.send("{\"id\":\"%s\",%s}".formatted(id(text), rest)));

    assertThat(cancel("o-1", LONG).reply().getClass().getSimpleName()).isEqualTo(reply);
  }

  @Test
  void shouldAskForStatus() {
    server.script(
        (peer, text) ->
            peer.send(
                "{\"id\":\"%s\",\"data\":{\"status\":\"Filled\",\"success\":true}}"
                    .formatted(id(text))));

    CallResult answer = adapter.status(Requests.cancel("Sim101", "o-1"), LONG);

    assertThat(answer.reply())
        .isEqualTo(
            new Reply.Status(new ReplyDetails(null, null, OrdStatus.FILLED, "Filled", null, null)));
    assertThat(server.texts().getFirst()).contains("\"api\":\"GetOrderStatus\"");
  }

  @Test
  void shouldTakeSilenceAsAmbiguousAndIgnoreTheLateAnswer() {
    cancel("first", LONG); // connects
    List<String> held = Collections.synchronizedList(new ArrayList<>());
    server.script((peer, text) -> held.add(text));
    CallResult unanswered = cancel("slow", Duration.ofSeconds(2));
    await().atMost(PATIENCE).until(() -> !held.isEmpty());

    server.script(
        (peer, text) -> {
          ACCEPT.text(peer, held.getFirst());
          ACCEPT.text(peer, text);
        });
    CallResult next = cancel("next", LONG);

    assertThat(unanswered.reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(unanswered.sent()).isTrue();
    assertThat(next.reply()).isInstanceOf(Reply.Accepted.class);
  }

  @Test
  void shouldTakeOpenCallsOfBrokenConnectionAsAmbiguousAndReconnect() throws Exception {
    server.script(
        (peer, text) -> {
          if (server.texts().size() == 5) {
            peer.reset();
          }
        });
    List<Callable<CallResult>> calls = Collections.nCopies(5, () -> cancel("o", LONG));

    List<CallResult> lost = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<CallResult> answer : threads.invokeAll(calls)) {
        lost.add(answer.get());
      }
    }
    server.script(ACCEPT);
    CallResult after = cancel("o", LONG);

    assertThat(lost).allMatch(answer -> answer.reply() instanceof Reply.Ambiguous && answer.sent());
    assertThat(after.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(server.handshakes()).hasSize(2);
  }

  /** Doubling up to 15 s, twenty breaks would take minutes. */
  @Test
  @Timeout(150)
  void shouldReconnectSoonAfterEachBreakOfAConnectionThatWorked() {
    server.script(
        (peer, text) -> {
          if (orderId(text).equals("break")) {
            peer.reset();
          } else {
            ACCEPT.text(peer, text);
          }
        });

    for (int i = 0; i < 20; i++) {
      assertThat(cancel("fine", LONG).reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(cancel("break", LONG).reply()).isInstanceOf(Reply.Ambiguous.class);
    }

    assertThat(server.handshakes()).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void shouldGiveUpConnectionThatAnswersNoPing() {
    VenueSettings often =
        VenueSettings.of(
            "ct",
            server.url(),
            Credentials.of(Map.of("token", "t0ken")),
            Map.of("ping-interval", "PT0.1S"),
            Clock.systemUTC());
    try (VenueAdapter pinging = Venues.create("crosstrade-ws", often)) {
      pinging.cancel(Requests.cancel("Sim101", "a"), LONG);
      server.goDeaf();

      await().atMost(PATIENCE).until(() -> server.handshakes().size() >= 2);

      assertThat(server.pings()).isPositive();
    }
  }

  @Test
  void shouldFindOutEarlyThatNobodyIsThere() {
    server.script(SILENT);
    server.goDeaf();

    CallResult answer = cancel("a", Duration.ofMinutes(5)); // beyond the test's own

    assertThat(answer.reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(answer.reply().told().message()).isEqualTo("neither answer nor pong");
  }

  @Test
  void shouldWaitForASlowVenueThatAnswersPings() {
    CountDownLatch pinged = new CountDownLatch(1);
    server.script(
        (peer, text) ->
            Thread.ofVirtual()
                .start(
                    () -> {
                      await().atMost(PATIENCE).until(() -> server.pings() >= 1);
                      pinged.countDown();
                      try {
                        ACCEPT.text(peer, text);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }));

    CallResult answer = cancel("a", LONG);

    assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(pinged.getCount()).isZero();
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void shouldGiveUpConnectionOnHugeMessage() {
    server.script((peer, text) -> peer.send("{\"id\":\"" + "x".repeat(300_000) + "\"}"));

    CallResult answer = cancel("a", LONG);

    assertThat(answer.reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(answer.reply().told().message()).contains("longer than");
  }

  @Test
  void shouldSayNotSentWhenNobodyListens() {
    server.close();

    CallResult answer = cancel("a", LONG);

    assertThat(answer.sent()).isFalse();
    assertThat(((Reply.NotSent) answer.reply()).reason()).isEqualTo(Reason.VENUE_UNAVAILABLE);
  }

  @Test
  void shouldPauseWhenHandshakeIsUnauthorized() {
    server.refuse("401 Unauthorized");

    CallResult refused = cancel("a", LONG);
    CallResult next = cancel("a", LONG);

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(refused.sent()).isFalse();
    assertThat(((Reply.NotSent) next.reply()).reason()).isEqualTo(Reason.UNAUTHORIZED);
    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause)
        .isEqualTo(Pause.Cause.UNAUTHORIZED);
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void shouldNotPauseForOneAccountWhileTheHandshakeIsTaken() {
    server.script(
        (peer, text) ->
            peer.send("{\"id\":\"%s\",\"error\":\"unauthorized\"}".formatted(id(text))));

    CallResult refused = cancel("a", LONG);

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(settings.governor().paused()).isEmpty();
    assertThat(server.handshakes()).hasSize(2);
  }

  @Test
  void shouldPauseWhenATokenIsWithdrawnUnderAnOpenConnection() {
    server.script(
        (peer, text) -> {
          server.refuse("401 Unauthorized");
          peer.send("{\"id\":\"%s\",\"error\":\"unauthorized\"}".formatted(id(text)));
        });

    cancel("a", LONG);

    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause)
        .isEqualTo(Pause.Cause.UNAUTHORIZED);
  }

  @Test
  void shouldHonourRetryAfterOfHandshake() {
    server.refuse("429 Too Many\r\nRetry-After: 3600");

    CallResult refused = cancel("a", LONG);

    assertThat(refused.reply()).isInstanceOf(Reply.RetryLater.class);
    assertThat(settings.governor().callableAt())
        .isAfter(Clock.systemUTC().instant().plusSeconds(3000));
  }

  @Test
  void shouldProbeByHandshakeOnly() {
    Probe probe = adapter.probe(LONG);

    assertThat(probe.ok()).isTrue();
    assertThat(probe.connected()).isTrue();
    assertThat(server.texts()).isEmpty();
  }

  /** The venue is at work, but the next call finds no connection. */
  @Test
  void shouldNotBeConnectedByAHandshakeThatIsRefused() {
    server.refuse("429 Too Many\r\nRetry-After: 3600");

    Probe probe = adapter.probe(LONG);

    assertThat(probe.serves()).isTrue();
    assertThat(probe.connected()).isFalse();
    assertThat(probe.ok()).isFalse();
  }

  @Test
  void shouldNotTakeAGatewaysPageForTheVenue() {
    server.refuse("502 Bad Gateway");

    Probe probe = adapter.probe(LONG);

    assertThat(probe.reachable()).isTrue();
    assertThat(probe.serves()).isFalse();
    assertThat(probe.ok()).isFalse();
    assertThat(probe.detail()).contains("502");
  }

  @Test
  void shouldEndOpenCallsWhenClosed() throws Exception {
    server.script(SILENT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<CallResult> open = threads.submit(() -> cancel("a", LONG));
      await().atMost(PATIENCE).until(() -> !server.texts().isEmpty());

      adapter.close();

      assertThat(open.get().reply()).isInstanceOf(Reply.Ambiguous.class);
    }
  }

  @Test
  void shouldRefuseEmptyIds() throws IOException {
    assertThat(cancel(" ", LONG).reply()).isInstanceOf(Reply.Refused.class);
    assertThat(server.handshakes()).isEmpty();
  }
}
