package io.countermand.venues.cadenza;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
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
import org.junit.jupiter.params.provider.EnumSource;

class CadenzaTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ID = "770e8400-e29b-41d4-a716-446655440002";

  /** The documentation's example, byte for byte. */
  static final String SUCCESS =
      """
      {
      "data": {
      "tradeOrderId": "770e8400-e29b-41d4-a716-446655440002",
      "tradingAccountId": "550e8400-e29b-41d4-a716-446655440000",
      "venue": "BINANCE",
      "instrumentId": "BINANCE:BTC/USDT",
      "baseAsset": "BTC",
      "quoteAsset": "USDT",
      "orderSide": "BUY",
      "orderType": "LIMIT",
      "timeInForce": "GTC",
      "status": "CANCELLED",
      "limitPrice": "50000.00",
      "quantity": "0.001",
      "executedQuantity": "0",
      "executedCost": "0",
      "createdAt": 1703052635110,
      "updatedAt": 1703052700000,
      "cancelledAt": 1703052700000
      },
      "success": true,
      "errno": 0,
      "error": null
      }
      """;

  static final String FAILURE =
      """
      {
      "data": null,
      "success": false,
      "errno": -111001,
      "error": "Order is already filled and cannot be cancelled"
      }
      """;

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();
  private final VenueAdapter adapter =
      Venues.create(
          "cadenza",
          VenueSettings.of(
              "cadenza",
              server.url(),
              Credentials.of(Map.of("token", "eyJhbGciOiJIUzI1NiIs...")),
              Map.of(),
              clock));

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel(int status, String body) {
    server.then(TestServer.json(status, body));
    return adapter.cancel(Requests.cancel("a", ID), LONG);
  }

  private static String error(long errno) {
    return "{\"data\":null,\"success\":false,\"errno\":%d,\"error\":\"text\"}".formatted(errno);
  }

  @Test
  void shouldSendSeedRequestAndReadSeedSuccess() {
    CallResult answer = cancel(200, SUCCESS);

    assertThat(answer.reply())
        .isEqualTo(
            new Reply.Canceled(
                new ReplyDetails(
                    "200",
                    null,
                    OrdStatus.CANCELED,
                    "CANCELLED",
                    BigDecimal.ZERO,
                    Instant.ofEpochMilli(1703052700000L))));
    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line()).isEqualTo("POST /api/v3/tradeOrder/cancel HTTP/1.1");
    assertThat(request.header("Authorization")).isEqualTo("Bearer eyJhbGciOiJIUzI1NiIs...");
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.body())
        .isEqualTo("{\"tradeOrderId\": \"770e8400-e29b-41d4-a716-446655440002\"}");
  }

  @ParameterizedTest
  @CsvSource({"400", "200"})
  void shouldReadSeedErrorWhateverTheStatus(int status) {
    assertThat(cancel(status, FAILURE).reply())
        .isEqualTo(
            new Reply.NotOpen(
                new ReplyDetails(
                    "-111001",
                    "Order is already filled and cannot be cancelled",
                    OrdStatus.FILLED,
                    "already filled",
                    null,
                    null)));
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,Accepted",
    "OPEN,Accepted",
    "PARTIALLY_FILLED,Accepted",
    "FILLED,NotOpen",
    "REJECTED,NotOpen",
    "EXPIRED,NotOpen",
    "SETTLED,Ambiguous",
  })
  void shouldNotTakeSuccessForCancelled(String status, String reply) {
    CallResult answer = cancel(200, SUCCESS.replace("CANCELLED", status));

    assertThat(answer.reply().getClass().getSimpleName()).isEqualTo(reply);
    assertThat(answer.reply().told().rawStatus()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"success\": true|\"success\": false",
        "\"errno\": 0|\"errno\": 1",
        "\"errno\": 0|\"errno\": \"0\"",
        "\"error\": null|\"error\": \"x\"",
        "\"tradeOrderId\": \"770|\"tradeOrderId\": \"771",
        "\"tradeOrderId\"|\"id\"",
        "\"status\"|\"state\"",
      })
  void shouldNotGuess(String good, String bad) {
    assertThat(cancel(200, SUCCESS.replace(good, bad)).reply()).isInstanceOf(Reply.Ambiguous.class);
  }

  @Test
  void shouldTolerateWebSocketSpellingAndMissingExtras() {
    String body =
        "{\"data\":{\"tradeOrderId\":\"%s\",\"status\":\"CANCELLED\",\"executedQuantity\":\"0.5\",\"canceledAt\":1703052700000},\"success\":true}"
            .formatted(ID);

    ReplyDetails told = cancel(200, body).reply().told();

    assertThat(told.executedQty()).isEqualTo("0.5");
    assertThat(told.venueTime()).isEqualTo(Instant.ofEpochMilli(1703052700000L));
  }

  @ParameterizedTest
  @EnumSource
  void shouldPlaceEveryKnownCode(CadenzaCode code) {
    for (long errno : new long[] {code.number, -code.number}) {
      clock.forward(Duration.ofHours(1)); // past the pauses of the one before
      Reply reply = cancel(code.http, error(errno)).reply();

      assertThat(ReplyKind.of(reply)).isEqualTo(code.kind);
      if (reply instanceof Reply.Refused refused) {
        assertThat(refused.reason()).isEqualTo(code.reason);
        assertThat(refused.cxlRejReason()).isEqualTo(code.cxlRejReason());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{\"success\":false,\"errno\":-1,\"error\":\"Invalid request\"}|Refused",
        "400|{\"success\":false,\"errno\":-1,\"error\":\"Order already filled or"
            + " cancelled\"}|NotOpen",
        "400|{\"success\":false,\"errno\":-1,\"error\":\"Something new\"}|Refused",
        "400|{\"success\":false,\"errno\":-77,\"error\":\"Cannot cancel\"}|NotOpen",
        "403|{\"success\":false,\"errno\":-1,\"error\":\"Forbidden\"}|Refused",
        "403|<html>|Ambiguous",
        "202|{\"data\":{\"tradeOrderId\":\"770e8400-e29b-41d4-a716-446655440002\",\"status\":\"CANCELLED\"},\"success\":true}|Accepted",
        "401|{\"success\":false,\"errno\":-1,\"error\":\"Unauthorized\"}|Unauthorized",
        "404|{\"success\":false,\"errno\":-1,\"error\":\"Not found\"}|UnknownOrder",
        "404|<html>|Ambiguous",
        "500|{\"success\":false,\"errno\":-111001,\"error\":\"x\"}|Ambiguous",
        "503|{\"success\":false,\"errno\":-18018,\"error\":\"x\"}|Ambiguous",
        "429|{}|RetryLater",
        "400|{\"success\":true}|Ambiguous",
      })
  void shouldClassify(int status, String body, String reply) {
    assertThat(cancel(status, body).reply().getClass().getSimpleName()).isEqualTo(reply);
  }

  @Test
  void shouldNameHowOrderEndedOnlyIfTextDoes() {
    String either = FAILURE.replace("Order is already filled and cannot be cancelled", "%s");

    assertThat(cancel(400, either.formatted("Order already filled or cancelled")).reply().told())
        .extracting(ReplyDetails::ordStatus)
        .isNull();
    assertThat(cancel(400, either.formatted("Order is already cancelled")).reply().told())
        .extracting(ReplyDetails::ordStatus)
        .isEqualTo(OrdStatus.CANCELED);
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,PENDING_NEW", "OPEN,NEW", "PARTIALLY_FILLED,PARTIALLY_FILLED", "FILLED,FILLED",
    "CANCELLED,CANCELED", "REJECTED,REJECTED", "EXPIRED,EXPIRED", "FROZEN,UNKNOWN",
  })
  void shouldReadStatus(String word, OrdStatus status) {
    server.then(
        TestServer.json(
            200,
            "{\"data\":[{\"tradeOrderId\":\"o 1\",\"status\":\"%s\",\"executedQuantity\":\"2\",\"updatedAt\":1703052700000}],\"success\":true,\"errno\":0,\"error\":null}"
                .formatted(word)));

    CallResult answer = adapter.status(Requests.cancel("a", "o 1"), LONG);

    assertThat(answer.reply())
        .isEqualTo(
            new Reply.Status(
                new ReplyDetails(
                    "200",
                    null,
                    status,
                    word,
                    BigDecimal.TWO,
                    Instant.ofEpochMilli(1703052700000L))));
    assertThat(server.requests().getFirst().line())
        .isEqualTo("GET /api/v3/tradeOrder/list?tradeOrderId=o%201 HTTP/1.1");
  }

  @Test
  void shouldReadEmptyListAsUnknownOrder() {
    server.then(TestServer.json(200, "{\"data\":[],\"success\":true,\"errno\":0,\"error\":null}"));

    assertThat(adapter.status(Requests.cancel("a", ID), LONG).reply())
        .isInstanceOf(Reply.UnknownOrder.class);
  }

  @Test
  void shouldRefuseEmptyId() {
    assertThat(adapter.check(Requests.cancel("a", " ")))
        .get()
        .extracting(Reply.Refused::reason)
        .isEqualTo(Reason.INVALID_REQUEST);
  }
}
