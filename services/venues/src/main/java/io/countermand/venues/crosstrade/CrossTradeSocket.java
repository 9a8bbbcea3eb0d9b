package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.Secret;
import io.countermand.venues.http.HttpReply;
import io.countermand.venues.http.Json;
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

  private final Secret token;
  private final Consumer<HttpReply> refused;
  private final Map<String, Waiting> open = new ConcurrentHashMap<>();
  private volatile CompletableFuture<Line> line = new CompletableFuture<>();

  /**
   * @param refused hears of a handshake that was answered with an HTTP status
   */
  CrossTradeSocket(Secret token, Consumer<HttpReply> refused) {
    this.token = token;
    this.refused = refused;
  }

  /** The connection there is, or the result of the attempt under way. */
  Line await(Duration timeout) {
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

  @Override
  public Map<String, String> handshake() {
    return Map.of("Authorization", "Bearer " + token.reveal());
  }

  @Override
  public void onOpen(WsConnection connection) {
    next(new Line.Open(connection), false);
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
    line = new CompletableFuture<>();
    open.values().stream()
        .filter(waiting -> waiting.on() == connection)
        .forEach(waiting -> waiting.outcome().complete(new Outcome.Lost(why)));
  }

  @Override
  public void onRefused(HttpReply reply) {
    refused.accept(reply);
    next(new Line.Down("handshake answered with HTTP " + reply.status(), reply), true);
  }

  @Override
  public void onFailed(String why) {
    next(new Line.Down(why, null), true);
  }

  @Override
  public void beat(WsConnection connection) {
    connection.ping(PING_TIMEOUT);
  }

  /**
   * @param over whether those who ask from now on wait for the next attempt
   */
  private void next(Line result, boolean over) {
    CompletableFuture<Line> waited = line;
    if (over) {
      line = new CompletableFuture<>();
    }
    waited.complete(result);
  }
}
