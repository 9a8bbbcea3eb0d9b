package io.countermand.venues.tradovate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.venues.Credentials;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.testing.SetClock;
import io.countermand.venues.testing.TestServer;
import io.countermand.venues.testing.TestWebSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(150)
class TradovateFeedTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-03-03T12:00:00Z");

  /** What the venue does as documented. */
  private static class Venue implements TestWebSocket.Script {
    @Override
    public void open(TestWebSocket.Peer peer) throws IOException {
      peer.send("o");
    }

    @Override
    public void text(TestWebSocket.Peer peer, String text) throws IOException {
      if (text.startsWith("authorize\n0\n\n")) {
        peer.send("a[{\"s\":200,\"i\":0}]");
      } else if (text.startsWith("user/syncrequest\n1\n\n")) {
        snapshot(peer);
      }
    }

    void snapshot(TestWebSocket.Peer peer) throws IOException {
      peer.send("a[{\"s\":200,\"i\":1,\"d\":{\"orders\":[" + order(1, "Working") + "]}}]");
    }
  }

  private final SetClock clock = new SetClock(NOW.toString());
  private final TestWebSocket server = new TestWebSocket(new Venue());
  private final AtomicInteger issued = new AtomicInteger();
  private final VenueSettings settings =
      VenueSettings.of(
          "tv",
          URI.create(server.url().toString().replace("ws:", "http:") + "/v1"),
          Credentials.of(Map.of("name", "u", "password", "p", "cid", "x", "sec", "s")),
          Map.of("accounts", "2=Alpha"),
          clock);
  private final VenueAdapter adapter = Venues.create("tradovate", settings);
  private final OrderFeed feed = adapter.feed().orElseThrow();
  private final List<OrderEvent> events = new CopyOnWriteArrayList<>();

  TradovateFeedTest() {
    server.http(
        (request, socket) ->
            TestServer.json(
                    200,
                    TradovateSettings.token(
                        "token-" + issued.incrementAndGet(), NOW.plusSeconds(5400)),
                    "Connection: close")
                .answer(request, socket));
  }

  private static String order(long id, String status) {
    return "{\"id\":%d,\"accountId\":2,\"timestamp\":\"2026-03-03T11:00:00Z\",\"ordStatus\":\"%s\"}"
        .formatted(id, status);
  }

  private static String props(String changes) {
    return "a[{\"e\":\"props\",\"d\":" + changes + "}]";
  }

  private static String change(String entity) {
    return "{\"entityType\":\"order\",\"eventType\":\"Updated\",\"entity\":" + entity + "}";
  }

  private static OrderEvent event(String account, long id, OrdStatus status, String raw) {
    return new OrderEvent(
        new OrderRef("tv", account, Long.toString(id)),
        null,
        status,
        raw,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        "feed:tv",
        null,
        NOW);
  }

  @AfterEach
  void close() {
    adapter.close();
    server.close();
  }

  private TestWebSocket.Peer synced() {
    feed.start(events::add);
    await().atMost(PATIENCE).until(feed::healthy);
    return server.peers().getLast();
  }

  @Test
  void shouldAuthorizeThenSyncThenDeliverChanges() throws IOException {
    TestWebSocket.Peer peer = synced();
    peer.send("h");
    peer.send(props(change(order(1, "PendingCancel"))));
    peer.send(props("[" + change(order(1, "Canceled")) + "," + change(order(2, "Melting")) + "]"));

    await().atMost(PATIENCE).until(() -> events.size() == 4);

    assertThat(events)
        .containsExactly(
            event("Alpha", 1, OrdStatus.NEW, "Working"),
            event("Alpha", 1, OrdStatus.PENDING_CANCEL, "PendingCancel"),
            event("Alpha", 1, OrdStatus.CANCELED, "Canceled"),
            event("Alpha", 2, OrdStatus.UNKNOWN, "Melting"));
    assertThat(server.handshakes().getFirst()).startsWith("GET /v1/websocket HTTP/1.1");
    assertThat(server.texts().subList(0, 2))
        .containsExactly(
            "authorize\n0\n\ntoken-1", "user/syncrequest\n1\n\n{\"entityTypes\":[\"order\"]}");
  }

  @Test
  void shouldIgnoreWhatItDoesNotKnow() throws IOException {
    TestWebSocket.Peer peer = synced();
    for (String text :
        List.of(
            "",
            "x",
            "a",
            "a{",
            "a[1,null,\"x\",[],{}]",
            "a[{\"e\":\"props\"}]",
            props("{\"entityType\":\"fill\",\"entity\":" + order(9, "Filled") + "}"),
            props(
                "{\"entityType\":\"order\",\"eventType\":\"Deleted\",\"entity\":"
                    + order(9, "x")
                    + "}"),
            props(change("{\"id\":9,\"ordStatus\":\"Filled\"}")),
            props(change("{\"id\":\"9\",\"accountId\":2,\"ordStatus\":\"Filled\"}")),
            "a[{\"s\":200,\"i\":99,\"d\":{\"orders\":[" + order(9, "Filled") + "]}}]")) {
      peer.send(text);
    }
    peer.send(props(change(order(3, "Filled"))));

    await().atMost(PATIENCE).until(() -> events.size() >= 2);

    assertThat(events.getLast()).isEqualTo(event("Alpha", 3, OrdStatus.FILLED, "Filled"));
    assertThat(events).hasSize(2);
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void shouldUseAccountIdWhereNoNameIsConfigured() throws IOException {
    TestWebSocket.Peer peer = synced();

    peer.send(props(change("{\"id\":5,\"accountId\":77,\"ordStatus\":\"Filled\"}")));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(events.getLast()).isEqualTo(event("77", 5, OrdStatus.FILLED, "Filled")));
  }

  @Test
  void shouldReconnectAndDeliverTheSnapshotAgain() throws IOException {
    TestWebSocket.Peer peer = synced();

    peer.reset();

    await().atMost(PATIENCE).until(() -> server.handshakes().size() == 2 && feed.healthy());
    assertThat(events)
        .containsExactly(
            event("Alpha", 1, OrdStatus.NEW, "Working"),
            event("Alpha", 1, OrdStatus.NEW, "Working"));
    assertThat(issued.get()).isEqualTo(1);
  }

  @Test
  void shouldTellTheSnapshotAgainWhenAskedButNotAgainAndAgain() {
    synced();

    feed.resync();
    feed.resync();

    await().atMost(PATIENCE).until(() -> events.size() == 2 && feed.healthy());
    feed.resync();
    assertThat(server.handshakes()).hasSize(2);
  }

  @Test
  void shouldReconnectWhenVenueClosesTheSession() throws IOException {
    synced().send("c[3000,\"Go away!\"]");

    await().atMost(PATIENCE).until(() -> server.handshakes().size() == 2 && feed.healthy());
  }

  @Test
  void shouldRenewTokenThatFeedRefuses() {
    server.script(
        new Venue() {
          @Override
          public void text(TestWebSocket.Peer peer, String text) throws IOException {
            if (text.equals("authorize\n0\n\ntoken-1")) {
              peer.send("a[{\"s\":401,\"i\":0,\"d\":\"Invalid access token\"}]");
            } else {
              super.text(peer, text);
            }
          }
        });

    synced();

    assertThat(issued.get()).isEqualTo(2);
    assertThat(server.texts()).contains("authorize\n0\n\ntoken-2");
  }

  @Test
  void shouldStopForAnHourOn429() {
    server.script(
        new Venue() {
          @Override
          void snapshot(TestWebSocket.Peer peer) throws IOException {
            peer.send("a[{\"s\":429,\"i\":1}]");
          }
        });

    feed.start(events::add);
    await().atMost(PATIENCE).until(() -> settings.governor().paused().isPresent());

    assertThat(settings.governor().paused())
        .get()
        .extracting(Pause::cause, Pause::until)
        .containsExactly(Pause.Cause.LOCKED_OUT, NOW.plusSeconds(3600));
    assertThat(server.handshakes()).hasSize(1);
  }

  @Test
  void shouldBeatEveryTwoAndAHalfSeconds() {
    synced();

    await().atMost(PATIENCE).until(() -> server.texts().contains("[]"));
  }

  @Test
  void shouldOutliveAFailingListener() throws IOException {
    feed.start(
        event -> {
          events.add(event);
          throw new IllegalStateException("listener");
        });
    await().atMost(PATIENCE).until(feed::healthy);

    server.peers().getLast().send(props(change(order(2, "Filled"))));

    await().atMost(PATIENCE).until(() -> events.size() == 2);
  }

  @Test
  void shouldHaveOneListenerAndNoHealthAfterClose() {
    synced();
    assertThatThrownBy(() -> feed.start(events::add)).isInstanceOf(IllegalStateException.class);

    feed.close();

    assertThat(feed.healthy()).isFalse();
  }
}
