package io.countermand.venues.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broken connection or a hostile body costs, on a real socket. */
@Timeout(150)
class HttpFaultsTest {

  /** Over a connection that is open: else a busy machine might not have one in that time. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final TestServer server = new TestServer();
  private final VenueAdapter adapter = adapter(server.url());

  private static VenueAdapter adapter(URI url) {
    return Venues.create(
        "crosstrade",
        VenueSettings.of(
            "ct", url, Credentials.of(Map.of("token", "t0ken")), Map.of(), Clock.systemUTC()));
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private CallResult cancel(Duration timeout) {
    return adapter.cancel(Requests.cancel("Sim101", "o-1"), timeout);
  }

  private void connect() {
    server.then(TestServer.json(200, "{\"success\":true}"));
    assertThat(cancel(LONG).reply()).isInstanceOf(Reply.Accepted.class);
  }

  private static void assertAmbiguous(CallResult answer) {
    assertThat(answer.reply()).isInstanceOf(Reply.Ambiguous.class);
    assertThat(answer.sent()).isTrue();
    assertThat(answer.sentAt()).isNotNull();
  }

  @Test
  void shouldSayNotSentWhenNobodyListens() {
    server.close();

    CallResult answer = cancel(LONG);

    assertThat(answer.sent()).isFalse();
    assertThat(answer.reply())
        .isInstanceOfSatisfying(
            Reply.NotSent.class, r -> assertThat(r.reason()).isEqualTo(Reason.VENUE_UNAVAILABLE));
  }

  @Test
  void shouldSayNotSentWhenHostIsUnknown() {
    try (VenueAdapter nowhere = adapter(URI.create("http://nowhere.invalid"))) {
      CallResult answer = nowhere.cancel(Requests.cancel("Sim101", "o-1"), LONG);

      assertThat(answer.reply()).isInstanceOf(Reply.NotSent.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // not even a status line
        "HTTP/1.1 200 OK\r\nContent-Le", // head stalls
        "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n", // body never begins
        "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"success\":t", // body stalls
        CHUNKED + "10\r\n{\"success\":true}\r\n", // the last chunk never comes
      })
  void shouldCutStalledAnswerAtTimeout(String sent) throws InterruptedException {
    connect();
    server.then(server.stall(sent));

    CallResult answer = cancel(SHORT);

    assertAmbiguous(answer);
    assertThat(server.clientGone().await(60, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"success\":t",
        CHUNKED + "10\r\n{\"success\":true}\r\n",
        CHUNKED + "zz\r\n{\"success\":true}\r\n0\r\n\r\n",
        "garbage\r\n\r\n",
        "HTTP/1.1 999999 OK\r\n\r\n",
      })
  void shouldTakeTruncatedAnswerAsAmbiguous(String sent) {
    server.then(TestServer.raw(sent));

    assertAmbiguous(cancel(LONG));
  }

  @Test
  void shouldTakeResetAsAmbiguous() {
    server.then(TestServer.reset());

    assertAmbiguous(cancel(LONG));
  }

  @Test
  void shouldNeverSendPostTwice() {
    server
        .then(TestServer.json(200, "{\"success\":true}"))
        .then(TestServer.reset())
        .always(TestServer.json(200, "{\"success\":true}"));

    cancel(LONG);
    CallResult second = cancel(LONG);

    assertAmbiguous(second);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void shouldNotFollowRedirect() {
    server.always(TestServer.json(307, "", "Location: " + server.url() + "/elsewhere"));

    assertAmbiguous(cancel(LONG));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void shouldGiveUpEndlessBodyAfterBoundedBytes() throws InterruptedException {
    AtomicLong written = new AtomicLong();
    server.then(
        (request, socket) -> {
          try {
            TestServer.write(socket, CHUNKED);
            String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
            while (true) {
              TestServer.write(socket, chunk);
              written.addAndGet(0x4000);
            }
          } catch (IOException e) {
            server.clientGone().countDown();
            return false;
          }
        });

    CallResult answer = cancel(LONG);

    assertAmbiguous(answer);
    assertThat(server.clientGone().await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(written.get()).isLessThan(64 << 20); // what sockets buffer, not what we keep
    assertThat(answer.response()).contains("body longer than 262144 bytes");
  }

  @Test
  void shouldCutBodyThatDripsAtTimeout() throws InterruptedException {
    connect();
    server.then(
        (request, socket) -> {
          try {
            TestServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            while (true) {
              TestServer.write(socket, " ");
              LockSupport.parkNanos(5_000_000);
            }
          } catch (IOException e) {
            server.clientGone().countDown();
            return false;
          }
        });

    assertAmbiguous(cancel(SHORT));
    assertThat(server.clientGone().await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldGiveUpTenMegabyteBody() {
    String body = "{\"success\":true,\"x\":\"" + "y".repeat(10 << 20) + "\"}";
    server.then(TestServer.json(200, body));

    assertAmbiguous(cancel(LONG));
  }

  @Test
  void shouldReadBodyUpToTheBound() {
    String empty = "{\"success\":true,\"x\":\"\"}";
    String body = empty.replace("\"\"", "\"" + "y".repeat(256 * 1024 - empty.length()) + "\"");
    server.then(TestServer.json(200, body));

    CallResult answer = cancel(LONG);

    assertThat(answer.reply()).isInstanceOf(Reply.Accepted.class);
    assertThat(answer.response()).hasSize(2048);
  }

  @Test
  void shouldSayNotSentAfterClose() {
    adapter.close();

    assertThat(cancel(LONG).reply()).isInstanceOf(Reply.NotSent.class);
    assertThat(server.requests()).isEmpty();
  }
}
