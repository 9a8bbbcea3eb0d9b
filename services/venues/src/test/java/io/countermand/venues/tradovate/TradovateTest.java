package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TradovateTest {

  static final Duration LONG = Duration.ofSeconds(20);
  static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  /** The documentation's example, byte for byte. */
  static final String EXAMPLE =
      """
      {
        "failureReason": "AccountClosed",
        "failureText": "string",
        "commandId": 1
      }
      """;

  /** The enum of the documentation, in its order. */
  private static final List<String> DOCUMENTED =
      List.of(
          "AccountClosed AdvancedTrailingStopUnsupported AnotherCommandPending BackMonthProhibited ExecutionProviderNotConfigured ExecutionProviderUnavailable InvalidContract InvalidPrice KeyInformationDocumentRequired LiquidationOnly LiquidationOnlyBeforeExpiration MaxOrderQtyIsNotSpecified MaxOrderQtyLimitReached MaxPosLimitMisconfigured MaxPosLimitReached MaxTotalPosLimitReached MultipleAccountPlanRequired NoQuote NotEnoughLiquidity OtherExecutionRelated ParentRejected RiskCheckTimeout SSFNFAComplianceRequired SSFNFAComplianceRequiredJointOnly SSFRiskDisclosureAcknowledgmentRequired SessionClosed Success TooLate TradingLocked TrailingStopNonOrderQtyModify Unauthorized UnknownReason Unsupported"
              .split(" "));

  private final SetClock clock = new SetClock(NOW.toString());
  private final TestServer server = new TestServer();
  private final VenueSettings settings = settings(Map.of());
  private final VenueAdapter adapter = Venues.create("tradovate", settings);

  private VenueSettings settings(Map<String, String> options) {
    return TradovateSettings.of(server.url() + "/v1", options, clock);
  }

  @BeforeEach
  void logIn() {
    server.then(TestServer.json(200, TradovateSettings.token("t-1", NOW.plusSeconds(5400))));
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private Reply cancel(int status, String body, String... headers) {
    server.then(TestServer.json(status, body, headers));
    return adapter.cancel(Requests.cancel("a", "1"), LONG).reply();
  }

  @Test
  void shouldSendSeedRequestAndReadSeedResponse() {
    Reply reply = cancel(200, EXAMPLE);

    assertThat(reply)
        .isEqualTo(
            new Reply.Refused(Reason.ACCOUNT_REFUSED, ReplyDetails.of("AccountClosed", "string")));
    TestServer.Request request = server.requests().getLast();
    assertThat(request.line()).isEqualTo("POST /v1/order/cancelorder HTTP/1.1");
    assertThat(request.header("Authorization")).isEqualTo("Bearer t-1");
    assertThat(request.header("Content-Type")).isEqualTo("application/json");
    assertThat(request.body()).isEqualTo("{\"orderId\":1}");
  }

  @Test
  void shouldPlaceAllDocumentedReasons() {
    assertThat(FailureReasons.TABLE.keySet()).containsExactlyInAnyOrderElementsOf(DOCUMENTED);
    assertThat(DOCUMENTED).hasSize(33);
  }

  @ParameterizedTest
  @CsvSource({
    "AccountClosed,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "AdvancedTrailingStopUnsupported,REFUSED,UNSUPPORTED,BROKER_OPTION",
    "AnotherCommandPending,RETRY_LATER,,",
    "BackMonthProhibited,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "ExecutionProviderNotConfigured,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "ExecutionProviderUnavailable,RETRY_LATER,,",
    "InvalidContract,REFUSED,INVALID_REQUEST,OTHER",
    "InvalidPrice,REFUSED,INVALID_REQUEST,OTHER",
    "KeyInformationDocumentRequired,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "LiquidationOnly,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "LiquidationOnlyBeforeExpiration,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "MaxOrderQtyIsNotSpecified,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "MaxOrderQtyLimitReached,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "MaxPosLimitMisconfigured,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "MaxPosLimitReached,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "MaxTotalPosLimitReached,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "MultipleAccountPlanRequired,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "NoQuote,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "NotEnoughLiquidity,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "OtherExecutionRelated,AMBIGUOUS,,",
    "ParentRejected,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "RiskCheckTimeout,AMBIGUOUS,,",
    "SSFNFAComplianceRequired,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "SSFNFAComplianceRequiredJointOnly,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "SSFRiskDisclosureAcknowledgmentRequired,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "SessionClosed,REFUSED,VENUE_REFUSED,BROKER_OPTION",
    "Success,ACCEPTED,,",
    "TooLate,NOT_OPEN,,",
    "TradingLocked,REFUSED,ACCOUNT_REFUSED,BROKER_OPTION",
    "TrailingStopNonOrderQtyModify,REFUSED,UNSUPPORTED,BROKER_OPTION",
    "Unauthorized,REFUSED,UNAUTHORIZED,BROKER_OPTION",
    "UnknownReason,AMBIGUOUS,,",
    "Unsupported,REFUSED,UNSUPPORTED,BROKER_OPTION",
    "SomethingNew,AMBIGUOUS,,",
    "tooLate,AMBIGUOUS,,",
  })
  void shouldReadReason(String name, ReplyKind kind, Reason reason, String cxlRejReason) {
    Reply reply = cancel(200, "{\"failureReason\":\"%s\",\"commandId\":7}".formatted(name));

    assertThat(ReplyKind.of(reply)).isEqualTo(kind);
    assertThat(reply.told().code()).isEqualTo(name);
    if (reply instanceof Reply.Refused refused) {
      assertThat(refused.reason()).isEqualTo(reason);
      assertThat(refused.cxlRejReason()).hasToString(cxlRejReason);
    }
    assertThat(settings.governor().paused()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|{\"commandId\":7}|Accepted",
        "200|{\"failureReason\":\"Success\",\"failureText\":\"\",\"commandId\":7}|Accepted",
        "200|{\"failureReason\":null,\"commandId\":7,\"more\":1}|Accepted",
        "200|{\"failureReason\":\"Success\"}|Ambiguous",
        "200|{\"failureReason\":5,\"commandId\":7}|Ambiguous",
        "200|{\"commandId\":\"7\"}|Ambiguous",
        "200|{\"failureText\":\"odd\",\"commandId\":7}|Ambiguous",
        "200|{}|Ambiguous",
        "200||Ambiguous",
        "200|{\"errorText\":\"no\",\"ok\":false}|Refused",
        "200|{\"errorText\":\"no\",\"ok\":true}|Ambiguous",
        "200|{\"errorText\":\"no\"}|Ambiguous",
        "200|{\"errorText\":\"no\",\"ok\":false,\"commandId\":7}|Ambiguous",
        "200|{\"violations\":[{\"description\":\"x\"}]}|Refused",
        "200|{\"violations\":[]}|Ambiguous",
        "200|{\"violations\":[1],\"commandId\":7}|Ambiguous",
        "200|{\"p-ticket\":\"t\",\"commandId\":7}|Ambiguous",
        "404||Ambiguous",
        "500|{\"commandId\":7}|Ambiguous",
        "503||Ambiguous",
      })
  void shouldClassify(int status, String body, String reply) {
    assertThat(cancel(status, body == null ? "" : body).getClass().getSimpleName())
        .isEqualTo(reply);
  }

  @Test
  void shouldWaitOutPenaltyAndSendSameBodyWithTicket() {
    server.then(TestServer.json(200, "{\"p-ticket\":\"abc\",\"p-time\":60}"));
    CallResult penalty = adapter.cancel(Requests.of("a", "1", null, null, "cl", true, null), LONG);
    Reply.RetryLater later = (Reply.RetryLater) penalty.reply();
    clock.forward(Duration.ofSeconds(60).minusMillis(1));
    CallResult inside = adapter.cancel(Requests.cancel("a", "2"), LONG);
    clock.forward(Duration.ofMillis(1));
    server.then(TestServer.json(200, "{\"commandId\":7}"));

    CallResult after =
        adapter.cancel(Requests.of("a", "1", null, null, "cl", true, later.continuation()), LONG);

    assertThat(later.at()).isEqualTo(NOW.plusSeconds(60));
    assertThat(inside.sent()).isFalse();
    assertThat(after.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(server.requests().stream().skip(1).map(TestServer.Request::body))
        .containsExactly(
            "{\"orderId\":1,\"clOrdId\":\"cl\",\"isAutomated\":true}",
            "{\"orderId\":1,\"clOrdId\":\"cl\",\"isAutomated\":true,\"p-ticket\":\"abc\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429||3600|null",
        "423|{}|3600|null",
        "200|{\"p-ticket\":\"t\",\"p-time\":1,\"p-captcha\":true}|3600|null",
        "200|{\"p-ticket\":\"t\",\"p-time\":2.5,\"p-captcha\":false}|3|t",
        "200|{\"p-ticket\":\"t\"}|60|t",
        "200|{\"p-ticket\":\"t\",\"p-time\":\"x\"}|60|t",
      })
  void shouldStopEveryCallForTheWholeLockOut(int status, String body, long seconds, String ticket) {
    Reply.RetryLater reply = (Reply.RetryLater) cancel(status, body == null ? "" : body);
    int calls = server.requests().size();
    clock.forward(Duration.ofSeconds(seconds).minusMillis(1));

    adapter.cancel(Requests.cancel("a", "1"), LONG);
    adapter.status(Requests.cancel("a", "1"), LONG);
    adapter.probe(LONG);

    assertThat(reply.at()).isEqualTo(NOW.plusSeconds(seconds));
    assertThat(String.valueOf(reply.continuation())).isEqualTo(ticket);
    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause, Pause::until)
        .containsExactly(Pause.Cause.LOCKED_OUT, NOW.plusSeconds(seconds));
    assertThat(server.requests()).hasSize(calls);
  }

  @Test
  void shouldSayLoudlyThatACaptchaIsWanted() {
    Reply reply = cancel(200, "{\"p-ticket\":\"t\",\"p-time\":1,\"p-captcha\":true}");

    assertThat(reply.told().message()).contains("CAPTCHA").contains("a person must log in");
    assertThat(settings.governor().paused().orElseThrow().text()).contains("CAPTCHA");
  }

  @Test
  void shouldWaitAtLeastAnHourOr429sRetryAfter() {
    Reply.RetryLater reply = (Reply.RetryLater) cancel(429, "", "Retry-After: 7200");

    assertThat(reply.at()).isEqualTo(NOW.plusSeconds(7200));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "+1",
        "007",
        "1.0",
        "1e3",
        "9223372036854775808",
        "x",
        "１",
        " 1",
        "1\n",
        "99999999999999999999999999"
      })
  void shouldRefuseIdsThatAreNoInt64(String id) {
    CallResult answer = adapter.cancel(Requests.cancel("a", id), LONG);

    assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void shouldRefuseTheNumberOfAnAccountThatIsKeyedByAName() {
    try (VenueAdapter named =
        Venues.create(
            "tradovate", settings(Map.of("accounts", "678=Beta,9=9", "check-accounts", "true")))) {
      CallResult answer = named.cancel(Requests.cancel("678", "1"), LONG);

      assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.ACCOUNT_REFUSED);
      assertThat(answer.reply().told().message()).contains("'678' is 'Beta' in order keys");
      assertThat(server.requests()).isEmpty();
      assertThat(named.check(Requests.cancel("Beta", "1"))).isEmpty();
      assertThat(named.check(Requests.cancel("9", "1"))).isEmpty();
      assertThat(named.check(Requests.cancel("12345", "1"))).isEmpty();
    }
    try (VenueAdapter unchecked =
        Venues.create("tradovate", settings(Map.of("accounts", "678=Beta")))) {
      assertThat(unchecked.check(Requests.cancel("678", "1"))).isEmpty();
    }
  }

  @Test
  void shouldTakeLargestInt64() {
    assertThat(adapter.check(Requests.cancel("a", "9223372036854775807"))).isEmpty();
  }

  @Test
  void shouldRefuseLongClOrdId() {
    assertThat(adapter.check(Requests.of("a", "1", null, null, "x".repeat(64), true, null)))
        .isEmpty();
    assertThat(adapter.check(Requests.of("a", "1", null, null, "x".repeat(65), true, null)))
        .isPresent();
  }

  @Test
  void shouldSendCustomTagAndRefuseLongOne() {
    try (VenueAdapter tagged =
        Venues.create("tradovate", settings(Map.of("custom-tag50", "desk-7")))) {
      server.then(TestServer.json(200, "{\"commandId\":1}"));

      tagged.cancel(Requests.cancel("a", "1"), LONG);

      assertThat(server.requests().getLast().body())
          .isEqualTo("{\"orderId\":1,\"customTag50\":\"desk-7\"}");
    }
    assertThatThrownBy(
            () -> Venues.create("tradovate", settings(Map.of("custom-tag50", "x".repeat(65)))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PendingNew,PENDING_NEW",
    "Working,NEW",
    "PendingCancel,PENDING_CANCEL",
    "PendingReplace,PENDING_REPLACE",
    "Suspended,SUSPENDED",
    "Filled,FILLED",
    "Canceled,CANCELED",
    "Rejected,REJECTED",
    "Expired,EXPIRED",
    "Completed,UNKNOWN",
    "Unknown,UNKNOWN",
    "Frozen,UNKNOWN",
  })
  void shouldReadStatus(String word, OrdStatus status) {
    server.then(
        TestServer.json(200, "{\"id\":1,\"accountId\":2,\"ordStatus\":\"%s\"}".formatted(word)));

    CallResult answer = adapter.status(Requests.cancel("a", "1"), LONG);

    assertThat(answer.reply())
        .isEqualTo(new Reply.Status(new ReplyDetails("200", null, status, word, null, null)));
    assertThat(server.requests().getLast().line()).isEqualTo("GET /v1/order/item?id=1 HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404||UnknownOrder",
        "404|<html>|Ambiguous",
        "200|{\"id\":2,\"ordStatus\":\"Filled\"}|Ambiguous",
        "200|null|Ambiguous",
      })
  void shouldReadStatusErrors(int status, String body, String reply) {
    server.then(TestServer.json(status, body == null ? "" : body));

    assertThat(adapter.status(Requests.cancel("a", "1"), LONG).reply().getClass().getSimpleName())
        .isEqualTo(reply);
  }
}
