package io.countermand.venues.ws;

import io.countermand.venues.HttpSettings;
import io.countermand.venues.http.transport.HttpClients;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.limits.VenueGovernor;
import io.countermand.venues.secrets.RedactedFailure;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection open from {@link #start} to {@link #close}: connects, but never inside a
 * pause, beats, gives up a silent connection, and reconnects with backoff. Its peer is called by
 * one thread, but for {@code onText} and {@code onClosed}. Thread-safe.
 */
public final class WsKeeper implements AutoCloseable {

  /** What is done with the connection. */
  public interface Peer extends WsConnection.Listener {

    /** Headers of the handshake; null: not now, try again after the backoff. May block. */
    @Nullable Map<String, String> handshake();

    void onOpen(WsConnection connection);

    /** The server answered the handshake with something else; may pause the venue. */
    void onRefused(HttpReply reply);

    /** Nobody answered. */
    void onFailed(String why);

    /** Time for a heartbeat. */
    void beat(WsConnection connection);
  }

  /**
   * @param beat time between heartbeats
   * @param silence after which a connection is given up
   */
  public record Timing(Duration connect, Duration beat, Duration silence, Backoff backoff) {}

  private static final Logger log = LoggerFactory.getLogger(WsKeeper.class);

  /** A pause may be lifted, and test clocks jump: look again so often. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private static final WsConnection.Listener DEAF =
      new WsConnection.Listener() {
        @Override
        public void onText(WsConnection from, String text) {}

        @Override
        public void onClosed(WsConnection connection, String why) {}
      };

  private final URI uri;
  private final int maxMessage;
  private final Timing timing;
  private final VenueGovernor governor;
  private final Clock clock;
  private final Peer peer;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;
  private final Map<String, String> common;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable WsConnection current;

  public WsKeeper(
      URI uri,
      int maxMessage,
      Timing timing,
      HttpSettings http,
      VenueGovernor governor,
      Clock clock,
      Peer peer) {
    this.common = HttpClients.headers(http);
    this.uri = uri;
    this.maxMessage = maxMessage;
    this.timing = timing;
    this.governor = governor;
    this.clock = clock;
    this.peer = peer;
    this.client = HttpClients.builder(http, timing.connect()).executor(executor).build();
  }

  private Map<String, String> with(Map<String, String> own) {
    Map<String, String> all = new LinkedHashMap<>(common);
    all.putAll(own);
    return all;
  }

  /** Begins, the first time; returns at once. */
  public void start() {
    if (closed.getCount() > 0 && started.compareAndSet(false, true)) {
      Thread.ofVirtual().name("ws-" + governor.name()).start(this::run);
    }
  }

  private void run() {
    int failures = 0;
    try {
      while (closed.getCount() > 0) {
        if (governor.paused().isPresent()) {
          sleep(LOOK);
          continue;
        }
        failures = once() ? 0 : failures + 1;
        sleep(timing.backoff().after(Math.max(1, failures), ThreadLocalRandom.current()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("venue", governor.name())
          .setCause(RedactedFailure.of(e))
          .log("connection keeper ended");
    }
  }

  private void sleep(Duration time) throws InterruptedException {
    if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      log.atDebug().addKeyValue("venue", governor.name()).log("connection keeper closed");
    }
  }

  /** One connection from begin to end; true if it was of use. */
  private boolean once() throws InterruptedException {
    Map<String, String> headers = peer.handshake();
    if (headers == null || closed.getCount() == 0) {
      return false;
    }
    return switch (WsDialer.open(
        client, uri, with(headers), timing.connect(), maxMessage, clock, peer)) {
      case WsDialer.Opening.Opened(WsConnection connection) -> {
        live(connection);
        yield connection.wasUseful();
      }
      case WsDialer.Opening.Refused(HttpReply reply) -> {
        log.atWarn()
            .addKeyValue("venue", governor.name())
            .addKeyValue("status", reply.status())
            .log("handshake refused");
        peer.onRefused(reply);
        yield false;
      }
      case WsDialer.Opening.Failed(String why) -> {
        log.atWarn()
            .addKeyValue("venue", governor.name())
            .addKeyValue("reason", why)
            .log("no connection");
        peer.onFailed(why);
        yield false;
      }
    };
  }

  private void live(WsConnection connection) throws InterruptedException {
    current = connection;
    try {
      if (closed.getCount() == 0) {
        connection.abort("the adapter is closed");
      }
      peer.onOpen(connection);
      while (!connection.awaitClosed(timing.beat())) {
        if (connection.silence().compareTo(timing.silence()) > 0) {
          connection.abort("silent for " + connection.silence().toMillis() + " ms");
        } else {
          peer.beat(connection);
        }
      }
    } finally {
      connection.abort("given up");
      current = null;
      log.atInfo()
          .addKeyValue("venue", governor.name())
          .addKeyValue("reason", connection.why())
          .log("connection ended");
    }
  }

  /** The answer to a handshake beside the open connection, if it is refused; else null. */
  public @Nullable HttpReply refusal(Duration timeout) {
    Map<String, String> headers = peer.handshake();
    if (headers == null || closed.getCount() == 0) {
      return null;
    }
    return switch (WsDialer.open(client, uri, with(headers), timeout, maxMessage, clock, DEAF)) {
      case WsDialer.Opening.Opened(WsConnection connection) -> {
        connection.abort("it was only to see whether it opens");
        yield null;
      }
      case WsDialer.Opening.Refused(HttpReply reply) -> reply;
      case WsDialer.Opening.Failed failed -> null;
    };
  }

  /** The open connection; null if there is none. */
  public @Nullable WsConnection current() {
    return current;
  }

  @Override
  public void close() {
    closed.countDown();
    WsConnection open = current;
    if (open != null) {
      open.abort("the adapter is closed");
    }
    client.shutdownNow();
    executor.shutdownNow();
  }
}
