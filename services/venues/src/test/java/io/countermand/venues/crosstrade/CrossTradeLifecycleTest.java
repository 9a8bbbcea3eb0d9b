package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.ended.EndedByHistory;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CrossTrade recorded of an order settles what its status query leaves open. */
@Timeout(150)
class CrossTradeLifecycleTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ID = "50cca7b8051146c684087db511107983";
  private static final String GONE =
      "{\n\"error\": \"Order linked to '" + ID + "' not found or already terminal.\"\n}";

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();
  private final Budget budget = new Budget(new Rate(1, Duration.ofHours(1), 3), clock);
  private final VenueAdapter adapter =
      new EndedByHistory(
          Venues.create(
              "crosstrade",
              VenueSettings.of(
                  "venue",
                  server.url(),
                  Credentials.of(Map.of("token", "to-ken")),
                  Map.of(),
                  clock)),
          budget);

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private static String event(String source, String state, int epoch) {
    return "{\"timestamp\":\"2026-05-22T14:30:12.118Z\",\"epoch\":%d.0,\"source\":\"%s\",\"event\":\"x\",\"orderState\":%s,\"orderId\":\"%s\"}"
        .formatted(epoch, source, state == null ? "null" : '"' + state + '"', ID);
  }

  private static String record(String... events) {
    return "{\"success\":true,\"orderId\":\"%s\",\"originalOrderId\":\"myStrat_entry_42\",\"account\":\"Sim101\",\"count\":%d,\"events\":[%s]}"
        .formatted(ID, events.length, String.join(",", events));
  }

  private CallResult status(String account, String id) {
    return adapter.status(Requests.cancel(account, id), LONG);
  }

  private CallResult settled(String record) {
    server.then(TestServer.json(400, GONE)).then(TestServer.json(200, record));
    return status("sim101", ID);
  }

  @Test
  void shouldTellHowAnOrderEndedThatTheLookUpDoesNotKnowAnyMore() {
    String record =
        record(
            event("api_received", null, 1),
            event("nt8", "Working", 2),
            event("api_received", null, 3),
            event("nt8", "Cancelled", 4));
    // When
    CallResult answer = settled(record);
    // Then
    assertThat(answer.reply()).isInstanceOf(Reply.Status.class);
    assertThat(answer.reply().told().ordStatus()).isEqualTo(OrdStatus.CANCELED);
    assertThat(answer.reply().told().rawStatus()).isEqualTo("Cancelled");
    assertThat(server.requests().getLast().line())
        .isEqualTo(
            "GET /v1/api/accounts/sim101/orders/"
                + ID
                + "/lifecycle?includeFills=false&includeRaw=false&limit=2000 HTTP/1.1");
    // And an audit that reads the recorded answer again finds the same
    CancelRequest request = Requests.cancel("sim101", ID);
    assertThat(
            new CrossTradeRestReader()
                .again(
                    new LedgerEvent.Replied(
                        request.cancel(),
                        "a",
                        1,
                        RequestKind.STATUS,
                        answer.reply(),
                        true,
                        answer.sentAt(),
                        new Evidence("cancel-progress", 0, 0),
                        answer.repliedAt()),
                    answer.response()))
        .isEqualTo(new Rereading.Same());
  }

  @Test
  void shouldFindTheOrderByTheIdOfItsPlacement() {
    server
        .then(TestServer.json(400, GONE.replace(ID, "myStrat_entry_42")))
        .then(TestServer.json(200, record(event("nt8", "Filled", 4))));

    assertThat(status("Sim101", "myStrat_entry_42").reply().told().ordStatus())
        .isEqualTo(OrdStatus.FILLED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // an attempt is no state; an open state is no end
        "api_received|Cancelled|1|api_received|Filled|2",
        "nt8|Working|1|nt8|CancelPending|2",
        // two ends, or one that was none
        "nt8|Filled|1|nt8|Cancelled|2",
        "nt8|Cancelled|1|nt8|Working|2",
        // by time, not as listed
        "nt8|Working|9|nt8|Cancelled|2",
        "nt8|Working|1|nt8|Nonsense|2"
      })
  void shouldLeaveOpenWhatTheRecordDoesNotSettle(
      String one, String state, int at, String two, String then, int later) {
    CallResult answer = settled(record(event(one, state, at), event(two, then, later)));

    assertThat(answer.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"success\":true,\"orderId\":\"OTHER\",\"account\":\"Sim101\",\"events\":[EVENT]}",
        "{\"success\":true,\"orderId\":\"ID\",\"account\":\"Sim102\",\"events\":[EVENT]}",
        "{\"success\":true,\"orderId\":\"ID\",\"events\":[EVENT]}",
        "{\"success\":false,\"orderId\":\"ID\",\"account\":\"Sim101\",\"events\":[EVENT]}",
        "{\"orderId\":\"ID\",\"account\":\"Sim101\",\"events\":[EVENT]}",
        "{\"success\":true,\"orderId\":\"ID\",\"account\":\"Sim101\",\"events\":[EVENT,{}]}",
        "{\"success\":true,\"orderId\":\"ID\",\"account\":\"Sim101\",\"events\":[EVENT,null]}",
        "{\"success\":true,\"orderId\":\"ID\",\"account\":\"Sim101\",\"events\":[]}",
        "{\"success\":true,\"orderId\":\"ID\",\"account\":\"Sim101\",\"events\":{}}",
        "{\"error\":\"Unknown API command\"}"
      })
  void shouldLeaveOpenWhatIsOfAnotherOrderOrNotUnderstood(String body) {
    CallResult answer =
        settled(body.replace("EVENT", event("nt8", "Cancelled", 1)).replace("ID", ID));

    assertThat(answer.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
  }

  @Test
  void shouldLeaveOpenWhatMayBeCut() {
    String[] events =
        IntStream.range(0, CrossTradeLifecycle.MOST)
            .mapToObj(n -> "{\"source\":\"nt8\",\"epoch\":" + n + ",\"orderState\":\"Filled\"}")
            .toArray(String[]::new);

    assertThat(settled(record(events)).reply()).isInstanceOf(Reply.GoneOrUnknown.class);
  }

  @Test
  void shouldAskOnlyWhereTheLookUpSettlesNothing() {
    server.then(TestServer.json(200, "{\"status\":\"Working\",\"success\":true}"));
    assertThat(status("Sim101", ID).reply()).isInstanceOf(Reply.Status.class);
    server.then(TestServer.json(500, ""));
    assertThat(status("Sim101", ID).reply()).isInstanceOf(Reply.Ambiguous.class);

    assertThat(server.requests()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429})
  void shouldNotPauseTheVenueNorAskAgainWhereItsRecordIsRefused(int status) {
    // Given
    server
        .then(TestServer.json(400, GONE))
        .then(TestServer.json(status, "", "Retry-After: 600"))
        .then(TestServer.json(400, GONE));
    // When
    CallResult first = status("Sim101", ID);
    CallResult second = status("Sim101", ID);
    // Then: neither a probe, nor a pause, nor another call for the record
    assertThat(first.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
    assertThat(second.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
    assertThat(second.sent()).isTrue();
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void shouldAskForARecordOnlyWhereHalfOfTheBurstIsLeft() {
    // Given
    var own = new Budget(new Rate(1, Duration.ofHours(1), 9), clock);
    var asking = new EndedByHistory(adapter, own);
    for (int i = 0; i < 5; i++) {
      assertThat(own.tryAcquire()).isTrue();
    }
    assertThat(budget.tryAcquire()).isTrue(); // the inner one asks for nothing
    assertThat(budget.tryAcquire()).isTrue();
    server.then(TestServer.json(400, GONE));
    // When
    CallResult answer = asking.status(Requests.cancel("Sim101", ID), LONG);
    // Then
    assertThat(answer.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
    assertThat(own.available()).isEqualTo(4);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void shouldLeaveTheLastPermitToACancel() {
    // Given
    settled(record(event("nt8", "Filled", 4)));
    settled(record(event("nt8", "Filled", 4)));
    assertThat(budget.available()).isOne();
    // When
    server.then(TestServer.json(400, GONE));
    CallResult answer = status("Sim101", ID);
    // Then
    assertThat(answer.reply()).isInstanceOf(Reply.GoneOrUnknown.class);
    assertThat(server.requests()).hasSize(5);
    assertThat(budget.available()).isOne();
  }
}
