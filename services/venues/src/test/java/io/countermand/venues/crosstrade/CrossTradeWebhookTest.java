package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.TestServer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossTradeWebhookTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final TestServer server = new TestServer();
  private final VenueAdapter adapter = adapter("your-secret-key", Map.of());

  private VenueAdapter adapter(String key, Map<String, String> options) {
    return Venues.create(
        "crosstrade-webhook",
        VenueSettings.of(
            "hook",
            URI.create(server.url() + "/v1/send/hidden-1/hidden-2"),
            Credentials.of(Map.of("key", key)),
            options,
            Clock.systemUTC()));
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  @Test
  void shouldSendSeedPayloadAndKeepNoSecret() {
    server.then(TestServer.json(200, "{\"success\":true,\"echo\":\"key=your-secret-key;\"}"));

    CallResult answer =
        adapter.cancel(Requests.named("Sim101", "x", "TARGET1", "your-strategy-id"), LONG);

    assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line()).isEqualTo("POST /v1/send/hidden-1/hidden-2 HTTP/1.1");
    assertThat(request.header("Content-Type")).isEqualTo("text/plain");
    assertThat(request.header("Authorization")).isNull();
    assertThat(request.body())
        .isEqualTo(
            """
            key=your-secret-key;
            command=CANCEL;
            order_id=TARGET1;
            strategy_id=your-strategy-id;\
            """);
    assertThat(answer.toString()).doesNotContain("your-secret-key").doesNotContain("hidden");
    assertThat(answer.request()).contains("order_id=TARGET1;").contains("key=***;");
  }

  @Test
  void shouldSendOrderIdWithoutStrategy() {
    server.then(TestServer.json(200, "{\"success\":true}"));

    adapter.cancel(Requests.cancel("Sim101", "your-order-ID"), LONG);

    assertThat(server.requests().getFirst().body())
        .isEqualTo("key=your-secret-key;\ncommand=CANCEL;\norder_id=your-order-ID;");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "ENTRY1,-", "EXIT2,-", "STOP3,-", "SIMSTOP4,-", "TARGET5,-", // no strategy
        "ENTRY,s", "ENTRY*,s", "entry1,s", "FOO1,s", "STOP-1,s", // no such name
        "STOP1,a;b", "STOP1,a=b", "STOP1,' '",
      })
  void shouldRefuseNames(String name, String strategy) {
    CancelRequest request = Requests.named("Sim101", "x", name, strategy);

    CallResult answer = adapter.cancel(request, LONG);

    assertThat(answer.sent()).isFalse();
    assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(adapter.check(request)).contains((Reply.Refused) answer.reply());
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a;command=FLATTENEVERYTHING",
        "a=b",
        "a\nb",
        "a\rb",
        "a\u2028b",
        "a\u0085b",
        "\t",
        "",
        "STOP1"
      })
  void shouldRefuseIdsThatWouldInjectOrNeedStrategy(String id) {
    assertThat(adapter.cancel(Requests.cancel("Sim101", id), LONG).reply())
        .isInstanceOf(Reply.Refused.class);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void shouldRefuseANameThatIsNotSaidToBeOne() {
    CancelRequest byId = Requests.named("Sim101", "ENTRY1", null, "s-1");

    assertThat(adapter.cancel(byId, LONG).reply()).isInstanceOf(Reply.Refused.class);
    assertThat(adapter.check(byId).orElseThrow().told().message()).contains("orderName");
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "202|{\"success\":true}|Accepted",
        "200|OK|Ambiguous",
        "200||Ambiguous",
        "200|{\"success\":false,\"error\":\"odd\"}|Ambiguous",
        "401|{}|Unauthorized",
        "429||RetryLater",
        "500|{\"success\":true}|Ambiguous",
      })
  void shouldClassify(int status, String body, String reply) {
    server.then(TestServer.json(status, body == null ? "" : body));

    assertThat(
            adapter.cancel(Requests.cancel("Sim101", "o"), LONG).reply().getClass().getSimpleName())
        .isEqualTo(reply);
  }

  @Test
  void shouldHaveNoLookUp() {
    CallResult answer = adapter.status(Requests.cancel("Sim101", "o"), LONG);

    assertThat(((Reply.Refused) answer.reply()).reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(adapter.capabilities().canQuery()).isFalse();
  }

  @Test
  void shouldRefuseOtherAccounts() {
    try (VenueAdapter one = adapter("k", Map.of("account", "Sim101"))) {
      assertThat(one.check(Requests.cancel("Sim101", "o"))).isEmpty();
      assertThat(one.check(Requests.cancel("Sim102", "o")))
          .get()
          .extracting(Reply.Refused::reason)
          .isEqualTo(Reason.ACCOUNT_REFUSED);
    }
  }

  @Test
  void shouldNotTakeKeyThatInjects() {
    assertThatThrownBy(() -> adapter("s3cret;x", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void shouldProbeWithoutCommand() {
    server.then(TestServer.whole("HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n"));

    Probe probe = adapter.probe(LONG);

    assertThat(probe.ok()).isTrue();
    assertThat(probe.credential()).isEqualTo(Probe.Credential.NOT_TRIED);
    assertThat(server.requests().getFirst().line()).startsWith("HEAD ");
  }
}
