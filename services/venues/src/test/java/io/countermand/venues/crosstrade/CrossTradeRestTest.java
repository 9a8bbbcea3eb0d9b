package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.BulkAnswer;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossTradeRestTest {

  private static final Duration SECOND = Duration.ofSeconds(20);
  private static final String ID = "ce0a8e5002ea463e856eb6384f5cee7e";
  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  private final SetClock clock = new SetClock(NOW.toString());
  private final TestServer server = new TestServer();
  private final VenueSettings settings =
      VenueSettings.of(
          "ct",
          server.url(),
          Credentials.of(Map.of("token", "my-secret-token")),
          Map.of("bulk-cancels", "true"),
          clock);
  private final VenueAdapter adapter = Venues.create("crosstrade", settings);

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel(TestServer.Script script) {
    server.then(script);
    return adapter.cancel(Requests.cancel("Sim101", ID), SECOND);
  }

  @Test
  void shouldSendSeedRequestAndReadSeedSuccess() {
    String success =
        """
        {
        "orderId": "ce0a8e5002ea463e856eb6384f5cee7e",
        "success": true
        }\
        """;

    CallResult answer = cancel(TestServer.json(200, success));

    assertThat(answer)
        .isEqualTo(
            new CallResult(
                new Reply.Accepted(ReplyDetails.of("200", null)),
                true,
                NOW,
                NOW,
                "POST %s/v1/api/accounts/Sim101/orders/%s/cancel {}".formatted(server.url(), ID),
                "HTTP 200: { \"orderId\": \"%s\", \"success\": true }".formatted(ID)));
    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line())
        .isEqualTo(
            "POST /v1/api/accounts/Sim101/orders/ce0a8e5002ea463e856eb6384f5cee7e/cancel HTTP/1.1");
    assertThat(request.header("Authorization")).isEqualTo("Bearer my-secret-token");
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.header("Upgrade")).isNull();
    assertThat(request.body()).isEqualTo("{}");
  }

  @Test
  void shouldCancelAllOfAnAccountByOneCallAndTakeNoSilenceForIt() {
    server.then(TestServer.json(200, "{\"orderIds\":[\"1\",\"2\"],\"success\":true}"));
    server.then(TestServer.json(200, "{\"success\":true}"));
    server.then(TestServer.json(200, "{\"orderIds\":[\"1\"],\"success\":false}"));
    server.then(TestServer.json(500, "{\"orderIds\":[\"1\"],\"success\":true}"));
    server.then(TestServer.json(400, "{\"error\":\"Invalid request\"}"));

    BulkAnswer taken = adapter.cancelAll("Sim 1/0", SECOND);
    BulkAnswer unnamed = adapter.cancelAll("Sim101", SECOND);
    BulkAnswer failed = adapter.cancelAll("Sim101", SECOND);
    BulkAnswer broken = adapter.cancelAll("Sim101", SECOND);
    BulkAnswer refused = adapter.cancelAll("Sim101", SECOND);

    assertThat(taken.of("2")).isEqualTo(new Reply.Accepted(ReplyDetails.of("200", null)));
    assertThat(taken.of("3")).isInstanceOf(Reply.Ambiguous.class);
    assertThat(unnamed.of("1")).as("%s", unnamed).isInstanceOf(Reply.Ambiguous.class);
    assertThat(failed.of("1")).as("%s", failed).isInstanceOf(Reply.Ambiguous.class);
    assertThat(broken.of("1")).as("%s", broken).isInstanceOf(Reply.Ambiguous.class);
    assertThat(refused.of("1")).as("of all, not of this one").isInstanceOf(Reply.RetryLater.class);
    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line())
        .isEqualTo("POST /v1/api/accounts/Sim%201%2F0/orders/cancel HTTP/1.1");
    assertThat(request.body()).isEqualTo("{}");
  }

  @Test
  void shouldReadSeedNotFoundAsGoneOrUnknown() {
    String gone =
        """
        {
        "error": "Order linked to 'ce0a8e5002ea463e856eb6384f5cee7e' not found or already terminal."
        }\
        """;

    Reply reply = cancel(TestServer.json(400, gone)).reply();

    assertThat(reply)
        .isEqualTo(
            new Reply.GoneOrUnknown(
                ReplyDetails.of(
                    "400", "Order linked to '" + ID + "' not found or already terminal.")));
  }

  @Test
  void shouldReadSeedInvalidRequestAsRefused() {
    String invalid =
        """
        {
        "error": "Invalid request"
        }\
        """;

    Reply reply = cancel(TestServer.json(400, invalid)).reply();

    assertThat(reply)
        .isEqualTo(
            new Reply.Refused(Reason.INVALID_REQUEST, ReplyDetails.of("400", "Invalid request")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{\"success\":false,\"error\":\"invalid_account\",\"detail\":\"Account x not"
            + " found\"}|Refused",
        "401|{\"error\":\"whatever\"}|Unauthorized",
        "403|<html>|Ambiguous",
        "403|{\"error\":\"Forbidden\"}|Refused",
        "400|{\"error\":\"Market is closed\"}|Refused",
        "409|{\"error\":\"whatever\"}|Refused",
        "404|{\"error\":\"Not found\"}|Refused",
        "400|{\"error\":\"NT8 timed out\"}|Ambiguous",
        "429|{\"error\":\"Rate limit exceeded\"}|RetryLater",
        "408|{\"error\":\"NT8 offline\"}|Ambiguous",
        "500|{\"success\":true}|Ambiguous",
        "503|{\"error\":\"Order linked to 'x' not found or already terminal.\"}|Ambiguous",
        "302|{\"success\":true}|Ambiguous",
        "404|<html>not found</html>|Ambiguous",
        "200|{\"orderId\":\"x\"}|Ambiguous",
        "200|{\"success\":\"true\"}|Ambiguous",
        "200|{\"success\":true,\"error\":\"Invalid request\"}|Ambiguous",
        "200|{\"success\":true}{\"success\":true}|Ambiguous",
        "200|{\"success\":false,\"success\":true}|Ambiguous",
        "200|[{\"success\":true}]|Ambiguous",
        "200|{\"success\":tr|Ambiguous",
        "200|{\"orderId\":\"broker-id\",\"success\":true,\"more\":{\"a\":[1]}}|Accepted",
        "200|{\"success\":false,\"error\":\"something new\"}|Ambiguous",
        "400|{\"error\":\"Order linked to 'another' not found or already terminal.\"}|Ambiguous",
      })
  void shouldClassify(int status, String body, String reply) {
    assertThat(cancel(TestServer.json(status, body)).reply().getClass().getSimpleName())
        .isEqualTo(reply);
  }

  @Test
  void shouldPauseForRetryAfterToTheSecond() {
    CallResult limited =
        cancel(TestServer.json(429, "{\"error\":\"Rate limit exceeded\"}", "Retry-After: 7"));
    clock.forward(Duration.ofMillis(6_999));
    CallResult inside = adapter.cancel(Requests.cancel("Sim101", "other"), SECOND);
    clock.forward(Duration.ofMillis(1));
    CallResult after = cancel(TestServer.json(200, "{\"success\":true}"));

    assertThat(((Reply.RetryLater) limited.reply()).at()).isEqualTo(NOW.plusSeconds(7));
    assertThat(inside.sent()).isFalse();
    assertThat(((Reply.NotSent) inside.reply()).reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(after.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void shouldHeedRetryAfterOfServerError() {
    Reply reply = cancel(TestServer.json(503, "", "Retry-After: 30")).reply();

    assertThat(reply).isInstanceOf(Reply.Ambiguous.class);
    assertThat(settings.governor().callableAt()).isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void shouldPauseVenueWhenTokenIsRefused() {
    server.always(TestServer.json(401, "{}"));
    CallResult refused = adapter.cancel(Requests.cancel("Sim101", ID), SECOND);
    CallResult next = adapter.cancel(Requests.cancel("Sim101", ID), SECOND);

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(next.reply())
        .isInstanceOfSatisfying(
            Reply.NotSent.class, r -> assertThat(r.reason()).isEqualTo(Reason.UNAUTHORIZED));
    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause, Pause::until)
        .containsExactly(Pause.Cause.UNAUTHORIZED, NOW.plusSeconds(60));
    assertThat(server.requests())
        .extracting(TestServer.Request::line)
        .last()
        .isEqualTo("GET /v1/api/accounts HTTP/1.1");
    assertThat(server.requests()).hasSize(2);
  }

  /** B10: a web firewall that dislikes one account, or an account of somebody else. */
  @ParameterizedTest
  @CsvSource({"403,<html>", "403,{}", "401,{}", "401,<html>"})
  void shouldNotPauseForTheRefusalOfOneAccount(int status, String body) {
    server.always(
        (request, socket) ->
            TestServer.json(
                    request.line().contains("/BAD/") ? status : 200,
                    request.line().contains("/BAD/") ? body : "{\"success\":true}")
                .answer(request, socket));

    for (int i = 0; i < 5; i++) {
      CallResult bad = adapter.cancel(Requests.cancel("BAD", "o-" + i), SECOND);
      CallResult good = adapter.cancel(Requests.cancel("GOOD", "o-" + i), SECOND);

      assertThat(good.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(bad.reply()).isInstanceOfAny(Reply.Ambiguous.class, Reply.Unauthorized.class);
    }
    assertThat(settings.governor().paused()).isEmpty();
  }

  @Test
  void shouldPauseWhereTheFirewallRefusesTheProbe() {
    server.always(TestServer.json(403, "<html>"));

    CallResult refused = adapter.cancel(Requests.cancel("Sim101", ID), SECOND);

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    assertThat(settings.governor().paused()).isPresent();
  }

  @Test
  void shouldNotPauseWhereTheProbeHasNoAnswer() {
    CallResult refused = cancel(TestServer.json(401, "{}"));

    assertThat(refused.reply()).isInstanceOf(Reply.Unauthorized.class);
    // The JDK sends a GET again where a connection broke.
    assertThat(server.requests()).hasSizeBetween(2, 3);
    assertThat(settings.governor().paused()).isEmpty();
  }

  @Test
  void shouldAskForOrder() {
    server.then(
        TestServer.json(
            200,
            """
            {"account":"Sim101","orderId":"x","orderState":"CancelPending","quantity":3,\
            "averageFillPrice":0.0,"filled":1}\
            """));

    CallResult answer = adapter.status(Requests.cancel("Sim101", "x"), SECOND);

    assertThat(answer.reply())
        .isEqualTo(
            new Reply.Status(
                new ReplyDetails(
                    "200", null, OrdStatus.PENDING_CANCEL, "CancelPending", BigDecimal.ONE, null)));
    assertThat(server.requests().getFirst().line())
        .isEqualTo("GET /v1/api/accounts/Sim101/orders/x HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "Initialized,PENDING_NEW",
    "Submitted,PENDING_NEW",
    "Accepted,NEW",
    "Working,NEW",
    "Trigger Pending,NEW",
    "Change Submitted,PENDING_REPLACE",
    "changepending,PENDING_REPLACE",
    "CancelSubmitted,PENDING_CANCEL",
    "Cancel pending,PENDING_CANCEL",
    "Cancelled,CANCELED",
    "Rejected,REJECTED",
    "Part filled,PARTIALLY_FILLED",
    "Filled,FILLED",
    "Suspended,SUSPENDED",
    "Unknown,UNKNOWN",
    "Filledish,UNKNOWN",
  })
  void shouldMapStatusWords(String word, OrdStatus status) {
    server.then(TestServer.json(200, "{\"status\":\"%s\",\"success\":true}".formatted(word)));

    Reply reply = adapter.status(Requests.cancel("Sim101", "x"), SECOND).reply();

    assertThat(reply)
        .isEqualTo(new Reply.Status(new ReplyDetails("200", null, status, word, null, null)));
  }

  @Test
  void shouldEncodeIdsSoThatTheyStayInTheirSegment() {
    server.then(TestServer.json(200, "{\"success\":true}"));

    adapter.cancel(Requests.cancel("Sim 101/x", "../a?b=c#d%2F;é"), SECOND);

    assertThat(server.requests().getFirst().line())
        .isEqualTo(
            "POST /v1/api/accounts/Sim%20101%2Fx/orders/..%2Fa%3Fb%3Dc%23d%252F%3B%C3%A9/cancel"
                + " HTTP/1.1");
  }

  @Test
  void shouldRefuseIdsThatAreStepsInThePath() {
    CancelRequest request = Requests.cancel("Sim101", "..");

    CallResult answer = adapter.cancel(request, SECOND);

    assertThat(answer.sent()).isFalse();
    assertThat(adapter.check(request)).contains((Reply.Refused) answer.reply());
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void shouldNotKeepSecretThatServerEchoes() {
    CallResult answer =
        cancel(TestServer.json(400, "{\"error\":\"bad token my-secret-token here\"}"));

    assertThat(answer.toString()).doesNotContain("my-secret-token").contains("bad token ***");
  }

  @Test
  void shouldProbeWithoutTouchingAnOrder() {
    server.then(TestServer.json(200, "[]"));

    assertThat(adapter.probe(SECOND).ok()).isTrue();
    assertThat(server.requests().getFirst().line()).isEqualTo("GET /v1/api/accounts HTTP/1.1");
  }
}
