package io.countermand.venues.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.TraceContext;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.HttpSettings;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between us and a venue, and what it does to requests and answers. */
@Timeout(150)
class RealInternetTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TAKEN = "{\"orderId\":\"o-1\",\"success\":true}";

  private final SetClock clock = new SetClock("2026-03-03T12:00:00Z");
  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  private CallResult cancel(String baseUrl, HttpSettings http) {
    return cancel("crosstrade", Map.of("token", "t0ken"), baseUrl, http);
  }

  private CallResult cancel(
      String adapter, Map<String, String> secrets, String baseUrl, HttpSettings http) {
    VenueSettings settings =
        VenueSettings.of("v", URI.create(baseUrl), Credentials.of(secrets), Map.of(), clock)
            .with(http);
    try (VenueAdapter venue = Venues.create(adapter, settings)) {
      return venue.cancel(
          Requests.cancel("Sim101", "o-1")
              .traced(
                  TraceContext.parse(
                      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null)),
          PATIENCE);
    }
  }

  private static TestServer.Script bytes(String headers, byte[] body) {
    return (request, socket) -> {
      TestServer.write(
          socket, "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n");
      socket.getOutputStream().write(body);
      socket.getOutputStream().flush();
      return true;
    };
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Encoding: gzip\r\n", "Content-Encoding: GZIP\r\n", ""})
  void shouldReadAnAnswerThatIsPackedThoughNobodyAsked(String header) throws IOException {
    server.then(bytes(header, gzip(TAKEN.getBytes(StandardCharsets.UTF_8))));

    assertThat(cancel(server.url().toString(), HttpSettings.DEFAULT).reply())
        .isInstanceOf(Reply.Accepted.class);
  }

  @Test
  void shouldTakeAPackedBodyThatGrowsBeyondAllBoundsForNoAnswer() throws IOException {
    server.then(bytes("Content-Encoding: gzip\r\n", gzip(new byte[64 << 20])));

    assertThat(cancel(server.url().toString(), HttpSettings.DEFAULT).reply())
        .isInstanceOf(Reply.Ambiguous.class);
  }

  @Test
  void shouldReadAnAnswerThatBeginsWithAByteOrderMark() {
    server.then(bytes("", ("\uFEFF" + TAKEN).getBytes(StandardCharsets.UTF_8)));

    assertThat(cancel(server.url().toString(), HttpSettings.DEFAULT).reply())
        .isInstanceOf(Reply.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void shouldTakeAnEmptyAnswerForNoAnswer(int status) {
    server.then(
        status == 204 ? TestServer.whole("HTTP/1.1 204 X\r\n\r\n") : TestServer.json(status, ""));

    assertThat(cancel(server.url().toString(), HttpSettings.DEFAULT).reply())
        .isInstanceOf(Reply.Ambiguous.class);
  }

  @Test
  void shouldGoThroughAProxyThatWantsToKnowWhoAsks() {
    server.then(TestServer.json(200, TAKEN));
    var http = new HttpSettings(server.url(), Secret.of("me:pr0xy"), Map.of(), false);

    CallResult answer = cancel("http://venue.invalid:81/prefix", http);

    assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    TestServer.Request request = server.requests().getFirst();
    assertThat(request.line())
        .startsWith("POST http://venue.invalid:81/prefix/v1/api/accounts/Sim101/orders/o-1/cancel");
    assertThat(request.header("Proxy-Authorization")).isEqualTo("Basic bWU6cHIweHk=");
    assertThat(answer.toString()).doesNotContain("pr0xy").doesNotContain("bWU6cHIweHk");
  }

  @Test
  void shouldSayWhoAsksAndNothingOfTracesUnlessSwitchedOn() {
    server.always(TestServer.json(200, TAKEN));

    cancel(server.url().toString(), HttpSettings.DEFAULT);
    cancel(
        server.url().toString(),
        new HttpSettings(null, null, Map.of("User-Agent", "desk-7"), true));

    TestServer.Request plain = server.requests().getFirst();
    TestServer.Request traced = server.requests().getLast();
    assertThat(plain.header("User-Agent")).isEqualTo("countermand");
    assertThat(plain.header("traceparent")).isNull();
    assertThat(traced.header("User-Agent")).isEqualTo("desk-7");
    assertThat(traced.header("traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void shouldKeepTheIdsOfAWebhooksUrlOutOfWhatIsShown() {
    server.then(
        TestServer.json(
            400, "{\"error\":\"no such hook\",\"detail\":\"/v1/send/us3r-id/acc0unt-id\"}"));
    String url = server.url() + "/v1/send/us3r-id/acc0unt-id";

    CallResult answer =
        cancel("crosstrade-webhook", Map.of("key", "k3y"), url, HttpSettings.DEFAULT);

    assertThat(server.requests().getFirst().line()).contains("/us3r-id/acc0unt-id");
    assertThat(answer.toString())
        .contains("no such hook")
        .doesNotContain("us3r-id")
        .doesNotContain("acc0unt-id")
        .doesNotContain("k3y");
    assertThat(Venues.provider("crosstrade-webhook").shown(URI.create(url)))
        .startsWith("http://")
        .doesNotContain("us3r-id");
  }
}
