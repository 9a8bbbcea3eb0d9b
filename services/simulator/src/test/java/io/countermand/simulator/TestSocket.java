package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A WebSocket whose messages are taken one by one. */
final class TestSocket implements WebSocket.Listener {

  private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final StringBuilder part = new StringBuilder();
  private WebSocket socket;

  static TestSocket open(URI uri, @Nullable String token) {
    var listener = new TestSocket();
    var builder = Client.HTTP.newWebSocketBuilder();
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    listener.socket = builder.buildAsync(uri, listener).join();
    return listener;
  }

  void send(String text) {
    socket.sendText(text, true).join();
  }

  String next() throws InterruptedException {
    var message = messages.poll(60, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message came");
    }
    return message;
  }

  /** The next message that is no heartbeat. */
  String nextData() throws InterruptedException {
    var message = next();
    while (message.equals("h")) {
      message = next();
    }
    return message;
  }

  /**
   * Waits until the socket is gone. It pings meanwhile, as the adapters do: the JDK's client can
   * lose a close that comes right behind a message, and only a failed send then tells of it.
   */
  void awaitClosed() throws Exception {
    for (int i = 0; i < 300 && !closed.isDone(); i++) {
      socket
          .sendPing(ByteBuffer.allocate(0))
          .whenComplete(
              (_, failed) -> {
                if (failed != null) {
                  closed.complete(null);
                }
              });
      try {
        closed.get(200, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        // Still open as far as is known: ping again.
      }
    }
    assertThat(closed).as("the socket is closed").isDone();
  }

  void close() {
    socket.abort();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      messages.add(part.toString());
      part.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
    closed.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.complete(null);
  }
}
