package io.countermand.venues.http.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a venue by its answer to a probe, with a credential and without. */
class ProbeReadingTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200|[]|true|true|GOOD",
        "204|``|true|true|GOOD",
        "200|<!DOCTYPE html><p>Please sign in|false|false|UNKNOWN",
        "200| <html>|false|false|UNKNOWN",
        "302|``|false|false|UNKNOWN",
        "400|{}|false|false|UNKNOWN",
        "401|no|false|true|REFUSED",
        "403|{}|false|true|REFUSED",
        "404|{}|false|false|UNKNOWN",
        "423|{}|false|false|UNKNOWN",
        "429|{}|false|true|UNKNOWN",
        "500|failed|false|false|UNKNOWN",
        "503|<html>|false|false|UNKNOWN"
      })
  void shouldTellAVenueAtWorkFromWhatAnswersInItsPlace(
      int status, String body, boolean ok, boolean serves, Probe.Credential credential) {
    server.then(answer(status, body));

    try (VenueAdapter adapter = adapter("crosstrade", Map.of("token", "my-secret-token"))) {
      Probe probe = adapter.probe(LONG);

      assertThat(probe.reachable()).isTrue();
      assertThat(probe.ok()).as("%s", probe).isEqualTo(ok);
      assertThat(probe.serves()).as("%s", probe).isEqualTo(serves);
      assertThat(probe.credential()).as("%s", probe).isEqualTo(credential);
      assertThat(probe.todo().isEmpty()).as("%s", probe).isEqualTo(ok);
      assertThat(probe.detail()).contains(Integer.toString(status));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200|[]|true",
        "400|{\"error\":\"no Authorization\"}|true",
        "400|Bad Request|false",
        "401|Access is denied|true",
        "401|<html>Unauthorized</html>|false",
        "401|<!DOCTYPE html><p>Proxy login|false",
        "403|{\"error\":\"who are you?\"}|true",
        "403|<html>Attention Required!</html>|false",
        "200|<html>|false",
        "302|``|false",
        "404|{\"errorText\":\"Not found\"}|false",
        "429|``|false",
        "500|failed|false",
        "502|<html>|false"
      })
  void shouldAskWithoutALoginWhereAVenueHasOne(int status, String body, boolean ok) {
    for (String login : List.of("tradovate", "cadenza", "neuratrade")) {
      server.then(answer(status, body));
      int before = server.requests().size();

      try (VenueAdapter adapter = adapter(login, credentials(login))) {
        Probe probe = adapter.probeWithoutLogin(LONG);

        assertThat(probe.reachable()).isTrue();
        assertThat(probe.ok()).as("%s", probe).isEqualTo(ok);
        assertThat(probe.credential() == Probe.Credential.NOT_TRIED).as("%s", probe).isEqualTo(ok);
        assertThat(probe.detail()).contains(Integer.toString(status));
        assertThat(adapter.loginCost()).isPresent();
      }
      assertThat(server.requests()).hasSize(before + 1);
      TestServer.Request asked = server.requests().getLast();
      assertThat(asked.line()).startsWith("GET ").doesNotContain("auth", "login");
      assertThat(asked.header("Authorization")).isNull();
    }
  }

  /** No API answers with a page: a proxy's or a firewall's shows no venue. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void shouldSayThatAPageRefusedACallWithoutALogin(int status) {
    server.then(answer(status, "<html>Who are you?</html>"));

    try (VenueAdapter adapter = adapter("tradovate", credentials("tradovate"))) {
      Probe probe = adapter.probeWithoutLogin(LONG);

      assertThat(probe.serves()).isFalse();
      assertThat(probe.credential()).isEqualTo(Probe.Credential.UNKNOWN);
      assertThat(probe.todo())
          .isEqualTo("credential not tried; what answered is a page: check base-url and any proxy");
    }
  }

  @Test
  void shouldTryATokenThatNeedsNoLogin() {
    server.then(TestServer.json(200, "[]"));

    try (VenueAdapter adapter = adapter("tradovate", Map.of("token", "my-secret-token"))) {
      assertThat(adapter.loginCost()).isEmpty();
      assertThat(adapter.probeWithoutLogin(LONG).credential()).isEqualTo(Probe.Credential.GOOD);
    }
    assertThat(server.requests().getLast().header("Authorization"))
        .isEqualTo("Bearer my-secret-token");
  }

  /** Only POST is documented, so a server that refuses HEAD is the webhook's all the same. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "200,true,NOT_TRIED,-",
        "404,true,NOT_TRIED,the path was not seen to exist",
        "405,true,NOT_TRIED,-",
        "401,false,UNKNOWN,carries no credential",
        "403,false,UNKNOWN,carries no credential",
        "429,false,UNKNOWN,wait",
        "500,false,UNKNOWN,status page"
      })
  void shouldNotWantAWebhookToKnowHead(
      int status, boolean ok, Probe.Credential credential, @Nullable String todo) {
    server.then(answer(status, ""));

    try (VenueAdapter adapter = adapter("crosstrade-webhook", Map.of("key", "my-secret-key"))) {
      Probe probe = adapter.probe(LONG);

      assertThat(probe.ok()).as("%s", probe).isEqualTo(ok);
      assertThat(probe.serves()).as("%s", probe).isEqualTo(status < 500);
      assertThat(probe.credential()).as("%s", probe).isEqualTo(credential);
      if (todo == null) {
        assertThat(probe.todo()).isEmpty();
      } else {
        assertThat(probe.todo()).contains(todo);
      }
    }
  }

  /** The probe has no credential that could be refused; a proxy says that, too. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void shouldPauseNothingForARefusedProbeWithoutACredential(int status) {
    server.then(answer(status, "")).then(TestServer.json(200, "{\"success\":true}"));

    try (VenueAdapter adapter = adapter("crosstrade-webhook", Map.of("key", "my-secret-key"))) {
      assertThat(adapter.probe(LONG).serves()).isTrue();

      assertThat(adapter.cancel(Requests.cancel("Sim101", "o"), LONG).reply())
          .isInstanceOf(Reply.Accepted.class);
    }
  }

  private static TestServer.Script answer(int status, String body) {
    return TestServer.whole(
        "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body));
  }

  private VenueAdapter adapter(String name, Map<String, String> credentials) {
    return Venues.create(
        name,
        VenueSettings.of(
            "v",
            URI.create(server.url().toString()),
            Credentials.of(credentials),
            name.equals("neuratrade") ? Map.of("account", "a") : Map.of(),
            Clock.systemUTC()));
  }

  private static Map<String, String> credentials(String venue) {
    return venue.equals("tradovate")
        ? Map.of("name", "user", "password", "pass-word", "cid", "8", "sec", "sec-ret")
        : Map.of("email", "user", "password", "pass-word");
  }
}
