package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.Secret;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.ws.WsConnection;
import io.countermand.venues.ws.WsKeeper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are open on one long-lived connection, matched to their answers by id. Whatever
 * else the server sends is not for us: market data, second answers, answers to calls given up.
 */
final class CrossTradeSocket implements WsKeeper.Peer {

  private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  /** What a call waits for. */
  sealed interface Outcome {
    record Answered(JsonNode message, String text) implements Outcome {}

    record Lost(String why) implements Outcome {}
  }

  /** A connection, or why there is none. */
  sealed interface Line {
    record Open(WsConnection connection) implements Line {}

    record Down(String why, @Nullable HttpReply refusal) implements Line {}
  }

  private record Waiting(WsConnection on, CompletableFuture<Outcome> outcome) {}

  private final Supplier<Secret> token;
  private final Consumer<HttpReply> refused;
  private final Map<String, Waiting> open = new ConcurrentHashMap<>();
  private volatile @Nullable Secret carried;
  private volatile @Nullable Secret openedWith;
  private volatile CompletableFuture<Line> line = new CompletableFuture<>();

  /**
   * @param token that a handshake carries, as it is then
   * @param refused hears of a handshake that was answered with an HTTP status
   */
  CrossTradeSocket(Supplier<Secret> token, Consumer<HttpReply> refused) {
    this.token = token;
    this.refused = refused;
  }

  /**
   * The connection there is, or the attempt under way. To be taken before anybody looks for a
   * pause: an attempt that is refused just then is heard of by who has it, and is followed by no
   * other while the pause lasts.
   */
  CompletableFuture<Line> line() {
    return line;
  }

  /** What becomes of it. */
  static Line await(CompletableFuture<Line> line, Duration timeout) {
    try {
      return line.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new Line.Down("no connection within " + timeout.toMillis() + " ms", null);
    } catch (ExecutionException e) {
      return new Line.Down("no connection", null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Line.Down("interrupted while waiting for a connection", null);
    }
  }

  /** To be called before the request is sent, so that no answer comes too early. */
  CompletableFuture<Outcome> expect(String id, WsConnection on) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    open.put(id, new Waiting(on, outcome));
    if (on.isClosed()) {
      outcome.complete(new Outcome.Lost(on.why()));
    }
    return outcome;
  }

  void forget(String id) {
    open.remove(id);
  }

  /** Whether another token is in force than the one that the connection was opened with. */
  boolean outdated() {
    Secret opened = openedWith;
    return opened != null && !opened.equals(token.get());
  }

  /** What the last handshake carried; null: there was none. */
  @Nullable Secret carried() {
    return carried;
  }

  @Override
  public Map<String, String> handshake() {
    Secret now = token.get();
    carried = now;
    return Map.of("Authorization", "Bearer " + now.reveal());
  }

  @Override
  public synchronized void onOpen(WsConnection connection) {
    openedWith = carried;
    line.complete(new Line.Open(connection));
    if (connection.isClosed()) {
      reset();
    }
  }

  @Override
  public void onText(WsConnection from, String text) {
    JsonNode message = Json.parse(text.getBytes(StandardCharsets.UTF_8));
    String id = Json.text(message.path("id"));
    Waiting waiting = id == null ? null : open.get(id);
    if (waiting != null && waiting.on() == from) {
      from.useful();
      waiting.outcome().complete(new Outcome.Answered(message, text));
    }
  }

  @Override
  public void onClosed(WsConnection connection, String why) {
    synchronized (this) {
      if (line.getNow(null) instanceof Line.Open(WsConnection on) && on == connection) {
        reset();
      }
    }
    open.values().stream()
        .filter(waiting -> waiting.on() == connection)
        .forEach(waiting -> waiting.outcome().complete(new Outcome.Lost(why)));
  }

  @Override
  public void onRefused(HttpReply reply) {
    refused.accept(reply);
    down(new Line.Down("handshake answered with HTTP " + reply.status(), reply));
  }

  @Override
  public void onFailed(String why) {
    down(new Line.Down(why, null));
  }

  /** Those who waited hear of it; who asks from now on waits for the next attempt. */
  private synchronized void down(Line.Down result) {
    CompletableFuture<Line> waited = line;
    reset();
    waited.complete(result);
  }

  private void reset() {
    line = new CompletableFuture<>();
  }

  @Override
  public void beat(WsConnection connection) {
    connection.ping(PING_TIMEOUT);
  }
}
