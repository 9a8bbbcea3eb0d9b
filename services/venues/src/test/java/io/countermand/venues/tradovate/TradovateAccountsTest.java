package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.venues.AccountList;
import io.countermand.venues.VenueAccount;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tradovate's list of accounts, as a server may garble it. */
class TradovateAccountsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();
  private final VenueAdapter adapter =
      Venues.create(
          "tradovate",
          TradovateSettings.of(server.url() + "/v1", Map.of("accounts", "678=Beta"), clock));

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private AccountList accounts(int status, String body) {
    server.then(
        TestServer.json(200, TradovateSettings.token("t-1", clock.instant().plusSeconds(5400))));
    server.then(TestServer.json(status, body));
    return adapter.accounts(LONG);
  }

  @Test
  void shouldTellNumberNameAndOurNameOfEachAccount() {
    AccountList list =
        accounts(
            200,
            """
            [{"id":12345,"name":"DEMO123","userId":1,"accountType":"Customer","active":true,"new":{}},
             {"id":678,"name":"DEMO67","active":false},
             {"id":9007199254740993,"name":"BIG"}]""");

    assertThat(list.accounts())
        .containsExactly(
            VenueAccount.of("DEMO123", "12345").keyedAs("12345"),
            VenueAccount.of("DEMO67", "678", "Beta").keyedAs("Beta"),
            VenueAccount.of("BIG", "9007199254740993").keyedAs("9007199254740993"));
    assertThat(list.proves()).isTrue();
    assertThat(list.askedAt()).isEqualTo(clock.instant());
    assertThat(list.accounts().getFirst().isCalled("12345")).isTrue();
    assertThat(list.accounts().getFirst().isCalled("demo123")).isTrue();
    assertThat(list.accounts().getFirst().isCalled("12346")).isFalse();
    assertThat(list.accounts().getFirst().shown()).isEqualTo("DEMO123 (12345)");
    assertThat(server.requests().getLast().line()).isEqualTo("GET /v1/account/list HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]", // no credential is of no account
        "[{\"id\":1,\"name\":\"A\"},{\"id\":2}]",
        "[{\"id\":1,\"name\":\"A\"},{\"name\":\"B\"}]",
        "[{\"id\":1,\"name\":\"A\"},{\"id\":2.5,\"name\":\"B\"}]",
        "[{\"id\":1,\"name\":\"A\"},{\"id\":0,\"name\":\"B\"}]",
        "[{\"id\":1,\"name\":\"A\"},{\"id\":92233720368547758080,\"name\":\"B\"}]",
        "[{\"id\":1,\"name\":\"A\"},{\"id\":\"2\",\"name\":\"B\"}]",
        "[{\"id\":1,\"name\":\"A\"},{\"id\":2,\"name\":\" \"}]",
        "[{\"id\":1,\"name\":\"A\"},null]",
        "[{\"id\":1,\"name\":\"A\"},[]]"
      })
  void shouldProveNothingByAListThatMayLackSome(String body) {
    AccountList list = accounts(200, body);

    assertThat(list.told()).isTrue();
    assertThat(list.proves()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200|{}",
        "200|{\"errorText\":\"no\"}",
        "200|[{\"id\":1,\"name\":\"A\"}",
        "200|[{\"id\":1,\"name\":\"A\",\"name\":\"B\"}]",
        "200|{\"p-ticket\":\"t\",\"p-time\":60}",
        "200|not json",
        "204|``",
        "206|[{\"id\":1,\"name\":\"A\"}]",
        "404|[{\"id\":1,\"name\":\"A\"}]",
        "500|``"
      })
  void shouldSayThatItDoesNotKnow(int status, String body) {
    AccountList list = accounts(status, body);

    assertThat(list.told()).isFalse();
    assertThat(list.proves()).isFalse();
    assertThat(list.reply()).isInstanceOf(Reply.Ambiguous.class);
  }
}
