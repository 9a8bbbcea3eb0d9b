package io.countermand.venues.crosstrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.venues.AccountList;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAccount;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.testing.TestServer;
import io.countermand.venues.testing.TestWebSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CrossTrade's list of accounts over both ways, as a server may garble it. */
class CrossTradeAccountsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private static VenueAdapter adapter(String kind, URI url, Map<String, String> options) {
    return Venues.create(
        kind,
        VenueSettings.of(
            "ct", url, Credentials.of(Map.of("token", "tok")), options, Clock.systemUTC()));
  }

  private static AccountList overHttp(int status, String body) {
    try (var server = new TestServer();
        var adapter = adapter("crosstrade", server.url(), Map.of())) {
      server.always(TestServer.json(status, body));
      AccountList list = adapter.accounts(LONG);
      assertThat(server.requests().getFirst().line()).isEqualTo("GET /v1/api/accounts HTTP/1.1");
      return list;
    }
  }

  /** The answer is what stands beside the id. */
  private static AccountList overWebSocket(
      String rest, Map<String, String> options, List<String> asked) {
    TestWebSocket.Script answer =
        (peer, text) -> {
          asked.add(text);
          String id = Json.parse(text.getBytes(StandardCharsets.UTF_8)).path("id").textValue();
          peer.send("{\"id\":\"" + id + "\"," + rest + "}");
        };
    try (var server = new TestWebSocket(answer);
        var adapter = adapter("crosstrade-ws", server.url(), options)) {
      return adapter.accounts(LONG);
    }
  }

  @Test
  void shouldTellTheAccountsAsGetAccountDocumentsOne() {
    AccountList list =
        overHttp(
            200,
            """
            {"accounts":[{"id":2,"name":"Sim101","displayName":"Sim101","provider":"Simulator",
             "status":"Enabled","connectionStatus":"Connected","item":{"cashValue":100565.00000000285}},
             {"id":3,"name":"APEX-123!Rithmic","displayName":"Eval 50K"}],"success":true}""");

    assertThat(list.accounts())
        .containsExactly(
            VenueAccount.of("Sim101"), VenueAccount.of("APEX-123!Rithmic", "Eval 50K"));
    assertThat(list.proves()).isTrue();
    assertThat(list.accounts().getFirst().isCalled("sim101")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"Sim101\",{\"name\":\"Sim102\"}]",
        "{\"data\":[\"Sim101\",{\"name\":\"Sim102\"}],\"success\":true,\"next\":null,\"hasMore\":false}"
      })
  void shouldTakeAListUnderWhicheverName(String body) {
    AccountList list = overHttp(200, body);

    assertThat(list.accounts())
        .containsExactly(VenueAccount.of("Sim101"), VenueAccount.of("Sim102"));
    assertThat(list.proves()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"accounts\":[],\"success\":true}",
        "{\"accounts\":[{\"name\":\"Sim101\"},{\"displayName\":\"Sim102\"}],\"success\":true}",
        "{\"accounts\":[{\"name\":\"Sim101\"},7],\"success\":true}",
        "{\"accounts\":[{\"name\":\"Sim101\"}],\"nextCursor\":\"x\",\"success\":true}",
        "{\"accounts\":[{\"name\":\"Sim101\"}],\"hasMore\":true,\"success\":true}"
      })
  void shouldProveNothingByAListThatMayLackSome(String body) {
    AccountList list = overHttp(200, body);

    assertThat(list.told()).isTrue();
    assertThat(list.proves()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200|{\"accounts\":[{\"name\":\"Sim101\"}]}", // every success says so
        "200|{\"accounts\":[{\"name\":\"Sim101\"}],\"success\":false}",
        "200|{\"accounts\":[{\"name\":\"Sim101\"}],\"success\":true,\"error\":\"half\"}",
        "200|{\"accounts\":{\"name\":\"Sim101\"},\"success\":true}",
        "200|{\"success\":true}",
        "408|{\"success\":false,\"error\":\"timeout\"}",
        "404|{\"error\":\"not_found\"}",
        "500|[\"Sim101\"]"
      })
  void shouldSayThatItDoesNotKnow(int status, String body) {
    AccountList list = overHttp(status, body);

    assertThat(list.told()).isFalse();
    assertThat(list.proves()).isFalse();
  }

  @Test
  void shouldAskOverTheWebSocketByTheNameThatIsConfigured() {
    List<String> asked = new CopyOnWriteArrayList<>();

    AccountList list =
        overWebSocket(
            "\"data\":{\"accounts\":[{\"name\":\"Sim101\"}],\"success\":true}",
            Map.of("accounts-rpc", "ListAccounts"),
            asked);

    assertThat(list.accounts()).containsExactly(VenueAccount.of("Sim101"));
    assertThat(list.proves()).isTrue();
    assertThat(asked.getFirst())
        .contains("\"action\":\"rpc\"", "\"api\":\"ListAccounts\"", "\"args\":{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"error\":\"unknown api\"",
        "\"error\":\"half\",\"data\":{\"accounts\":[{\"name\":\"Sim101\"}],\"success\":true}",
        "\"data\":{\"success\":true}",
        "\"data\":{\"success\":false,\"error\":\"Unknown function\"}",
        "\"data\":null"
      })
  void shouldSayOverTheWebSocketThatItDoesNotKnow(String rest) {
    AccountList list = overWebSocket(rest, Map.of(), new CopyOnWriteArrayList<>());

    assertThat(list.told()).isFalse();
    assertThat(list.reply()).isInstanceOf(Reply.Ambiguous.class);
  }
}
