package io.countermand.venues.neuratrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeuraTradeTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ID = "ord-20260303120000-1";

  /** The documentation's example, byte for byte. */
  static final String SUCCESS =
      """
      {
        "status": "success",
        "data": {
          "order_id": "ord-20260303120000-1",
          "position_id": "pos-20260303120000-1",
          "exchange": "binance",
          "symbol": "BTC/USDT",
          "side": "BUY",
          "type": "LIMIT",
          "amount": "0.01",
          "price": "50000.00",
          "status": "CANCELED",
          "created_at": "2026-03-03T12:00:00Z",
          "updated_at": "2026-03-03T12:05:00Z"
        }
      }
      """;

  static final String NOT_FOUND =
      """
      {
        "status": "error",
        "error": "order not found"
      }
      """;

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();
  private final VenueSettings settings = settings(Map.of("token", "YOUR_API_KEY"));
  private final VenueAdapter adapter = Venues.create("neuratrade", settings);

  private VenueSettings settings(Map<String, String> credentials) {
    return VenueSettings.of("neura", server.url(), Credentials.of(credentials), Map.of(), clock);
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private Reply cancel(int status, String body) {
    server.then(TestServer.json(status, body));
    return adapter.cancel(Requests.cancel("a", ID), LONG).reply();
  }

  @Test
  void shouldSendSeedRequestAndReadSeedSuccess() {
    String seed =
        """
        {
            "order_id": "ord-20260303120000-1"
          }\
        """;

    Reply reply = cancel(200, SUCCESS);

    assertThat(reply)
        .isEqualTo(
            new Reply.Canceled(
                new ReplyDetails(
                    "200",
                    "cancelled in NeuraTrade's own book; of the exchange it says nothing",
                    OrdStatus.CANCELED,
                    "CANCELED",
                    null,
                    Instant.parse("2026-03-03T12:05:00Z"))));
    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line()).isEqualTo("POST /api/v1/trading/cancel_order HTTP/1.1");
    assertThat(request.header("Authorization")).isEqualTo("Bearer YOUR_API_KEY");
    assertThat(Json.parse(request.body().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Json.parse(seed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void shouldReadSeedErrors() {
    assertThat(cancel(404, NOT_FOUND))
        .isEqualTo(new Reply.UnknownOrder(ReplyDetails.of("404", "order not found")));
    assertThat(cancel(409, NOT_FOUND.replace("order not found", "order is not open")))
        .isEqualTo(new Reply.NotOpen(ReplyDetails.of("409", "order is not open")));
    assertThat(cancel(400, NOT_FOUND.replace("order not found", "invalid request payload")))
        .isEqualTo(
            new Reply.Refused(
                Reason.INVALID_REQUEST, ReplyDetails.of("400", "invalid request payload")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|{\"error\":\"Token expired\"}|Unauthorized",
        "429|{\"error\":\"Rate limit exceeded\",\"retry_after\":5}|RetryLater",
        "500|{\"status\":\"error\",\"error\":\"failed to cancel order\"}|Ambiguous",
        "404|404 page not found|Ambiguous",
        "404|{\"error\":\"route not found\"}|Refused",
        "409|{\"status\":\"success\",\"error\":\"order is not open\"}|Ambiguous",
        "200|{\"status\":\"success\",\"data\":{\"status\":\"CANCELED\"}}|Ambiguous",
        "200|{\"status\":\"success\",\"data\":{\"order_id\":\"ord-20260303120000-2\",\"status\":\"CANCELED\"}}|Ambiguous",
        "200|{\"status\":\"success\",\"data\":{\"order_id\":\"ord-20260303120000-1\",\"status\":\"OPEN\"}}|Ambiguous",
        "200|{\"status\":\"error\",\"data\":{\"order_id\":\"ord-20260303120000-1\",\"status\":\"CANCELED\"}}|Ambiguous",
        "201|{\"status\":\"success\",\"data\":{\"order_id\":\"ord-20260303120000-1\",\"status\":\"CANCELED\"}}|Ambiguous",
      })
  void shouldClassify(int status, String body, String reply) {
    assertThat(cancel(status, body).getClass().getSimpleName()).isEqualTo(reply);
  }

  @Test
  void shouldHonourRetryAfterOfBody() {
    cancel(429, "{\"error\":\"Rate limit exceeded\",\"retry_after\":5}");

    assertThat(settings.governor().callableAt()).isEqualTo(clock.instant().plusSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ord-20260303120000",
        "ord-20260303120000-",
        "ord-20260303120000-x",
        "ord-2026030312000-1",
        "ord-20261303120000-1",
        "ord-20260332120000-1",
        "ord-20260303240000-1",
        "ord-20260303126000-1",
        "ORD-20260303120000-1",
        " ord-20260303120000-1",
        "ord-20260303120000-1\n",
        "ord-20260303120000-1234567890123456789",
      })
  void shouldRefuseOtherIdForms(String id) {
    CallResult answer = adapter.cancel(Requests.cancel("a", id), LONG);

    assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(answer.sent()).isFalse();
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"OPEN,Status", "CLOSED,NotOpen", "LIQUIDATED,NotOpen", "HALF,Status"})
  void shouldReadStatusOffTheOrdersPosition(String word, String reply) {
    server.then(
        TestServer.json(
            200,
            """
            {"status":"success","data":{"count":2,"positions":[\
            {"order_id":"ord-20260303120000-9","status":"CLOSED"},\
            {"order_id":"ord-20260303120000-1","status":"%s"}]}}\
            """
                .formatted(word)));

    Reply status = adapter.status(Requests.cancel("a", ID), LONG).reply();

    assertThat(status.getClass().getSimpleName()).isEqualTo(reply);
    assertThat(status.told().ordStatus()).isEqualTo(OrdStatus.UNKNOWN);
    assertThat(status.told().rawStatus()).isEqualTo("position " + word);
  }

  @Test
  void shouldNotConcludeFromAnAbsentPosition() {
    server.then(TestServer.json(200, "{\"status\":\"success\",\"data\":{\"positions\":[]}}"));

    assertThat(adapter.status(Requests.cancel("a", ID), LONG).reply())
        .isInstanceOf(Reply.Ambiguous.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"token\":\"jwt-1\"}", "{\"data\":{\"token\":\"jwt-1\"}}"})
  void shouldLogIn(String login) {
    server.then(TestServer.json(200, login)).then(TestServer.json(200, SUCCESS));
    try (VenueAdapter loggingIn =
        Venues.create("neuratrade", settings(Map.of("email", "a@b.c", "password", "s3cret")))) {

      CallResult answer = loggingIn.cancel(Requests.cancel("a", ID), LONG);

      assertThat(answer.reply()).isInstanceOf(Reply.Canceled.class);
      assertThat(server.requests().getFirst().line())
          .isEqualTo("POST /api/v1/users/login HTTP/1.1");
      assertThat(server.requests().getLast().header("Authorization")).isEqualTo("Bearer jwt-1");
    }
  }

  @Test
  void shouldLogInAgainBeforeTheDayIsOver() {
    server
        .then(TestServer.json(200, "{\"token\":\"jwt-1\"}"))
        .then(TestServer.json(200, SUCCESS))
        .then(TestServer.json(200, "{\"token\":\"jwt-2\"}"))
        .then(TestServer.json(200, SUCCESS));
    try (VenueAdapter loggingIn =
        Venues.create("neuratrade", settings(Map.of("email", "a@b.c", "password", "s3cret")))) {
      loggingIn.cancel(Requests.cancel("a", ID), LONG);
      clock.forward(Duration.ofHours(24));

      loggingIn.cancel(Requests.cancel("a", ID), LONG);

      assertThat(server.requests().getLast().header("Authorization")).isEqualTo("Bearer jwt-2");
    }
  }
}
