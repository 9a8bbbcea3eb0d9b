package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.OrderEvent;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.login.CallPermission;
import io.countermand.venues.http.login.TokenSource;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.ws.WsConnection;
import io.countermand.venues.ws.WsKeeper;
import io.countermand.venues.ws.WsUris;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tradovate's WebSocket as an order feed: on {@code o} authorize with the adapter's token, then
 * {@code user/syncrequest}; its answer is the snapshot, {@code props} events follow. A refused
 * token is renewed for the next connection.
 */
final class TradovateFeed implements OrderFeed, WsKeeper.Peer {

  private static final Logger log = LoggerFactory.getLogger(TradovateFeed.class);

  /** A snapshot holds every order of the session. */
  private static final int MAX_MESSAGE = 16 << 20;

  private static final long AUTHORIZE = 0;
  private static final long SYNC = 1;
  private static final Duration SEND = Duration.ofSeconds(5);
  private static final Duration TOKEN = Duration.ofSeconds(15);
  private static final Duration LOCK_OUT = Duration.ofHours(1);

  /** A connection that lives but brings no snapshot is of no use. */
  private static final Duration SNAPSHOT = Duration.ofSeconds(30);

  /** "user/syncrequest" has a quota of its own. */
  private static final Duration RESYNC = Duration.ofMinutes(1);

  private final AtomicLong resyncedAt = new AtomicLong();
  private final VenueSettings settings;
  private final TokenSource tokens;
  private final Scrubber scrubber;
  private final TradovateOrderEvents events;
  private final WsKeeper keeper;
  private final AtomicBoolean started = new AtomicBoolean();
  private final Object delivery = new Object();
  private volatile @Nullable Consumer<OrderEvent> listener;
  private volatile @Nullable Secret token;
  private volatile boolean synced;
  private volatile long openedAt;

  TradovateFeed(
      VenueSettings settings,
      TokenSource tokens,
      Scrubber scrubber,
      TradovateOrderEvents events,
      WsKeeper.Timing timing) {
    this.settings = settings;
    this.scrubber = scrubber;
    this.tokens = tokens;
    this.events = events;
    this.keeper =
        new WsKeeper(
            WsUris.of(settings.baseUrl(), "/websocket"),
            MAX_MESSAGE,
            timing,
            settings.http(),
            settings.governor(),
            settings.clock(),
            this);
  }

  @Override
  public void start(Consumer<OrderEvent> to) {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the feed has a listener already");
    }
    listener = to;
    keeper.start();
  }

  /** A new connection brings a new snapshot; not more often than a minute, whatever is lost. */
  @Override
  public void resync() {
    long now = System.nanoTime();
    long last = resyncedAt.get();
    if ((last == 0 || now - last > RESYNC.toNanos()) && resyncedAt.compareAndSet(last, now)) {
      WsConnection connection = keeper.current();
      if (connection != null) {
        connection.abort("its orders are to be told again");
      }
    }
  }

  @Override
  public boolean healthy() {
    WsConnection connection = keeper.current();
    return synced && connection != null && !connection.isClosed();
  }

  @Override
  public void close() {
    keeper.close();
    synchronized (delivery) {
      listener = null;
    }
  }

  @Override
  public @Nullable Map<String, String> handshake() {
    return switch (tokens.access(TOKEN)) {
      case CallPermission.Granted(Secret granted) -> {
        token = granted;
        yield Map.of();
      }
      case CallPermission.Denied denied -> {
        log.atWarn().addKeyValue("venue", settings.instance()).log("no token for the order feed");
        yield null;
      }
    };
  }

  @Override
  public void onOpen(WsConnection connection) {
    openedAt = System.nanoTime(); // the venue speaks first
  }

  @Override
  public void onText(WsConnection from, String text) {
    switch (Frames.read(text)) {
      case Frames.Frame.Open() -> authorize(from);
      case Frames.Frame.Messages(List<JsonNode> messages) ->
          messages.forEach(message -> message(from, message));
      case Frames.Frame.Close(String why) -> from.abort("the venue closed the session");
      case Frames.Frame.Heartbeat(), Frames.Frame.Other() -> {}
    }
  }

  private void authorize(WsConnection to) {
    Secret granted = token;
    if (granted != null) {
      to.send(Frames.request("authorize", AUTHORIZE, granted.reveal()), SEND);
    }
  }

  private void message(WsConnection from, JsonNode message) {
    Instant now = settings.clock().instant();
    Long id = Json.integer(message.path("i"));
    Long status = Json.integer(message.path("s"));
    if ("props".equals(Json.text(message.path("e")))) {
      events.changes(message, now).forEach(this::deliver);
    } else if (status != null && status == 429) {
      settings
          .governor()
          .pause(
              new Pause(
                  now.plus(LOCK_OUT),
                  Pause.Cause.LOCKED_OUT,
                  "rate limit, told by the order feed"));
      from.abort("rate limit");
    } else if (id != null && id == AUTHORIZE) {
      authorized(from, status);
    } else if (id != null && id == SYNC) {
      snapshot(from, status, message, now);
    }
  }

  private void authorized(WsConnection from, @Nullable Long status) {
    if (status != null && status == 200) {
      String body = "{\"entityTypes\":[\"order\"]}";
      from.send(Frames.request("user/syncrequest", SYNC, body), SEND);
    } else {
      tokens.rejected(token);
      from.abort("authorize was refused");
    }
  }

  private void snapshot(WsConnection from, @Nullable Long status, JsonNode message, Instant now) {
    if (status == null || status != 200) {
      from.abort("user/syncrequest was refused");
      return;
    }
    events.snapshot(message, now).forEach(this::deliver);
    synced = true;
    from.useful();
    log.atInfo().addKeyValue("venue", settings.instance()).log("order feed in sync");
  }

  private void deliver(OrderEvent told) {
    OrderEvent event = scrubber.scrub(told);
    synchronized (delivery) {
      Consumer<OrderEvent> to = listener;
      if (to == null || event == null) {
        return;
      }
      try {
        to.accept(event);
      } catch (RuntimeException e) {
        log.atError()
            .addKeyValue("venue", settings.instance())
            .setCause(e)
            .log("listener failed on an order event");
      }
    }
  }

  @Override
  public void onClosed(WsConnection connection, String why) {
    synced = false;
  }

  @Override
  public void onRefused(HttpReply reply) {
    Penalty penalty = Penalty.of(reply);
    Classified verdict = penalty == null ? Classified.byStatus(reply) : penalty.verdict();
    if (verdict.pause() != null) {
      settings.governor().pause(verdict.pause());
    } else if (reply.status() == 401) {
      tokens.rejected(token);
    }
  }

  @Override
  public void onFailed(String why) {
    synced = false;
  }

  @Override
  public void beat(WsConnection connection) {
    if (!synced && System.nanoTime() - openedAt > SNAPSHOT.toNanos()) {
      connection.abort("no snapshot");
    }
    connection.send(Frames.HEARTBEAT, SEND);
  }
}
