package io.countermand.venues.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.TraceContext;
import io.countermand.venues.Answer;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies between us and a venue, and what its operators configure. */
@Timeout(60)
class RealInternetTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final byte[] SUCCESS = "{\"success\":true}".getBytes(StandardCharsets.UTF_8);
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  private VenueAdapter adapter(String adapter, Map<String, String> options) {
    return Venues.create(
        adapter,
        VenueSettings.of(
            "v", server.url(), Credentials.of(Map.of("token", "t0ken")), options, Clock.systemUTC()));
  }

  private Answer cancel(Map<String, String> options) {
    try (VenueAdapter adapter = adapter("crosstrade", options)) {
      CancelRequest request = Requests.cancel("Sim101", "o-1");
      return adapter.cancel(request.traced(TraceContext.parse(TRACE, null)), LONG);
    }
  }

  private static TestServer.Script bytes(byte[] body, String... headers) {
    return (request, socket) -> {
      TestServer.write(
          socket,
          "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n"
              .formatted(body.length, String.join("", headers)));
      socket.getOutputStream().write(body);
      socket.getOutputStream().flush();
      return true;
    };
  }

  private static byte[] packed(boolean gzip, byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packing = gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
      packing.write(body);
    }
    return out.toByteArray();
  }

  @Test
  void shouldReadCompressedAnswersThatNobodyAskedFor() throws IOException {
    server
        .then(bytes(packed(true, SUCCESS), "Content-Encoding: gzip\r\n"))
        .then(bytes(packed(true, SUCCESS)))
        .then(bytes(packed(false, SUCCESS), "Content-Encoding: deflate\r\n"))
        .then(bytes(SUCCESS, "Content-Encoding: gzip\r\n"));

    for (int i = 0; i < 4; i++) {
      Answer answer = cancel(Map.of());

      assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
      assertThat(answer.response()).isEqualTo("HTTP 200: {\"success\":true}");
    }
    assertThat(server.requests().getFirst().header("Accept-Encoding")).isNull();
  }

  @Test
  void shouldGiveUpABombAndTakeTornPacksAsUnreadable() throws IOException {
    byte[] bomb = packed(true, new byte[64 << 20]);
    byte[] torn = packed(true, SUCCESS);
    server
        .then(bytes(bomb, "Content-Encoding: gzip\r\n"))
        .then(bytes(java.util.Arrays.copyOf(torn, torn.length / 2), "Content-Encoding: gzip\r\n"));

    Answer first = cancel(Map.of());
    Answer second = cancel(Map.of());

    assertThat(first.reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(first.response()).contains("longer than");
    assertThat(second.reply()).isInstanceOf(Reply.Ambiguous.class);
  }

  @Test
  void shouldReadPastAByteOrderMark() {
    server.then(TestServer.json(200, "\ufeff{\"success\":true}"));

    Answer answer = cancel(Map.of());

    assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(answer.response()).isEqualTo("HTTP 200: {\"success\":true}");
  }

  @Test
  void shouldTake202AtItsWordAndEmptyAnswersForUnclear() {
    server
        .then(TestServer.json(202, "{\"success\":true}"))
        .then(TestServer.json(202, ""))
        .then(TestServer.json(200, ""))
        .then(TestServer.raw("HTTP/1.1 204 No Content\r\n\r\n"));

    assertThat(cancel(Map.of()).reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(cancel(Map.of()).reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(cancel(Map.of()).reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(cancel(Map.of()).reply()).isInstanceOf(Reply.Ambiguous.class);
  }

  @Test
  void shouldUseANewConnectionWhereTheOldOneWasClosedWhileIdle() throws Exception {
    java.util.concurrent.CountDownLatch closed = new java.util.concurrent.CountDownLatch(1);
    server
        .then(
            (request, socket) -> {
              TestServer.json(200, "{\"success\":true}").answer(request, socket);
              closeSoon(socket, closed);
              return true;
            })
        .always(TestServer.json(200, "{\"success\":true}"));
    try (VenueAdapter adapter = adapter("crosstrade", Map.of())) {
      adapter.cancel(Requests.cancel("Sim101", "o-1"), LONG);
      closed.await();

      // What raced with the end of the connection is unclear, once, and never sent twice.
      Reply second = adapter.cancel(Requests.cancel("Sim101", "o-2"), LONG).reply();
      Reply third = adapter.cancel(Requests.cancel("Sim101", "o-3"), LONG).reply();

      assertThat(second).isInstanceOfAny(Reply.Accepted.class, Reply.Ambiguous.class);
      assertThat(third).isInstanceOf(Reply.Accepted.class);
      assertThat(server.requests().stream().filter(r -> r.line().contains("/o-2/")))
          .hasSizeLessThanOrEqualTo(1);
    }
  }

  private static void closeSoon(Socket socket, java.util.concurrent.CountDownLatch closed) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      closed.countDown();
    }
  }

  @Test
  void shouldSayWhoCallsAndKeepTheTraceToItself() {
    server.always(TestServer.json(200, "{\"success\":true}"));

    cancel(Map.of());
    cancel(Map.of("traceparent", "on", "headers", "X-Desk: a; User-Agent: desk/7"));

    TestServer.Request plain = server.requests().getFirst();
    TestServer.Request told = server.requests().getLast();
    assertThat(plain.header("User-Agent")).isEqualTo("Countermand");
    assertThat(plain.header("traceparent")).isNull();
    assertThat(told.header("User-Agent")).isEqualTo("desk/7");
    assertThat(told.header("X-Desk")).isEqualTo("a");
    assertThat(told.header("traceparent")).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crosstrade", "cadenza", "neuratrade"})
  void shouldPutAnotherPrefixBeforePaths(String venue) {
    server.always(TestServer.json(200, "{}"));

    try (VenueAdapter adapter = adapter(venue, Map.of("path-prefix", "/gate/x"))) {
      adapter.cancel(Requests.cancel("a", "ord-20260303120000-1"), LONG);
      adapter.probe(LONG);
    }

    assertThat(server.requests())
        .hasSize(2)
        .allMatch(request -> request.line().matches("(GET|POST) /gate/x/(accounts|trad).*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect-timeout=PT0S",
        "connect-timeout=2s",
        "headers=Authorization: Bearer x",
        "headers=a b: c",
        "headers=X-Only",
        "path-prefix=no-slash",
        "path-prefix=/a/../b?c",
        "traceparent=yes",
      })
  void shouldNameTheOptionThatIsWrong(String option) {
    String[] parts = option.split("=", 2);

    assertThatThrownBy(() -> adapter("crosstrade", Map.of(parts[0], parts[1])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + parts[0] + "'");
  }
}
