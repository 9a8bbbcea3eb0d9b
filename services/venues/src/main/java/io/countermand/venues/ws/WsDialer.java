package io.countermand.venues.ws;

import io.countermand.venues.http.transport.HttpReply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens connections. */
final class WsDialer {

  /** How an attempt to connect ended. */
  sealed interface Opening {
    record Opened(WsConnection connection) implements Opening {}

    /** The server answered, but not with a WebSocket. */
    record Refused(HttpReply reply) implements Opening {}

    /** Nobody answered. */
    record Failed(String why) implements Opening {}
  }

  private WsDialer() {}

  /** Blocks until it is open, refused, or {@code timeout} is over. Never throws. */
  static Opening open(
      HttpClient client,
      URI uri,
      Map<String, String> headers,
      Duration timeout,
      int maxMessage,
      Clock clock,
      WsConnection.Listener listener) {
    WsConnection connection = new WsConnection(maxMessage, listener);
    CompletableFuture<WebSocket> opening;
    try {
      WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(timeout);
      headers.forEach(builder::header);
      opening = builder.buildAsync(uri, connection.receiver());
    } catch (RuntimeException e) {
      return new Opening.Failed(
          "no WebSocket can be opened (" + e.getClass().getSimpleName() + ")");
    }
    try {
      connection.opened(opening.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
      return new Opening.Opened(connection);
    } catch (ExecutionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refused
          ? new Opening.Refused(reply(refused, clock))
          : new Opening.Failed("no connection (" + WsConnection.name(e.getCause()) + ")");
    } catch (TimeoutException e) {
      abandon(connection, opening);
      return new Opening.Failed("no connection within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      abandon(connection, opening);
      Thread.currentThread().interrupt();
      return new Opening.Failed("interrupted while connecting");
    }
  }

  /** Should it open after all, it is closed again: see {@code onOpen}. */
  private static void abandon(WsConnection connection, CompletableFuture<WebSocket> opening) {
    connection.abort("given up while connecting");
    opening.cancel(true);
  }

  /** The status and headers; bodies of refused handshakes are not read. */
  private static HttpReply reply(WebSocketHandshakeException refused, Clock clock) {
    Map<String, String> headers = new HashMap<>();
    refused
        .getResponse()
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return HttpReply.of(
        refused.getResponse().statusCode(), headers, new byte[0], false, clock.instant());
  }
}
