package io.countermand.venues.ws;

import io.countermand.venues.http.HttpReply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One open WebSocket. Messages are bounded; one that is longer ends the connection. Sends wait for
 * each other. Thread-safe.
 */
public final class WsConnection {

  /** Called one at a time, in order; must not block for long. */
  public interface Listener {
    void onText(WsConnection from, String text);

    /** At once, in whatever thread; once per connection, perhaps before it was told as open. */
    void onClosed(WsConnection connection, String why);
  }

  /** How an attempt to connect ended. */
  public sealed interface Opening {
    record Opened(WsConnection connection) implements Opening {}

    /** The server answered, but not with a WebSocket. */
    record Refused(HttpReply reply) implements Opening {}

    /** Nobody answered. */
    record Failed(String why) implements Opening {}
  }

  /** What became of a message to be sent. */
  public enum Sending {
    SENT,
    /** Certainly no byte of it left. */
    NOT_SENT,
    /** Some of it may have left; the connection is given up. */
    BROKEN
  }

  private final int maxMessage;
  private final Listener listener;
  private final ReentrantLock sending = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String why = "closed";
  private volatile long heardAt = System.nanoTime();
  private volatile @Nullable WebSocket socket;
  private volatile boolean useful;

  private WsConnection(int maxMessage, Listener listener) {
    this.maxMessage = maxMessage;
    this.listener = listener;
  }

  /** Blocks until it is open, refused, or {@code timeout} is over. Never throws. */
  public static Opening open(
      HttpClient client,
      URI uri,
      Map<String, String> headers,
      Duration timeout,
      int maxMessage,
      Clock clock,
      Listener listener) {
    WsConnection connection = new WsConnection(maxMessage, listener);
    CompletableFuture<WebSocket> opening;
    try {
      WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(timeout);
      headers.forEach(builder::header);
      opening = builder.buildAsync(uri, connection.new Receiver());
    } catch (RuntimeException e) {
      return new Opening.Failed(
          "no WebSocket can be opened (" + e.getClass().getSimpleName() + ")");
    }
    try {
      connection.socket = opening.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return new Opening.Opened(connection);
    } catch (ExecutionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refused
          ? new Opening.Refused(reply(refused, clock))
          : new Opening.Failed("no connection (" + name(e.getCause()) + ")");
    } catch (TimeoutException e) {
      connection.abandon(opening);
      return new Opening.Failed("no connection within " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      connection.abandon(opening);
      Thread.currentThread().interrupt();
      return new Opening.Failed("interrupted while connecting");
    }
  }

  /** Should it open after all, it is closed again: see {@code onOpen}. */
  private void abandon(CompletableFuture<WebSocket> opening) {
    abort("given up while connecting");
    opening.cancel(true);
  }

  private static String name(@Nullable Throwable failure) {
    return failure == null ? "unknown" : failure.getClass().getSimpleName();
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

  /** Waits for its turn and for the socket, at most {@code timeout}. */
  public Sending send(String text, Duration timeout) {
    return send(timeout, to -> to.sendText(text, true));
  }

  /** A WebSocket ping; the pong counts as heard. */
  public Sending ping(Duration timeout) {
    return send(timeout, to -> to.sendPing(ByteBuffer.allocate(0)));
  }

  private Sending send(
      Duration timeout, Function<WebSocket, CompletableFuture<WebSocket>> message) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      if (!sending.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        return Sending.NOT_SENT;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Sending.NOT_SENT;
    }
    try {
      WebSocket to = socket;
      if (to == null || isClosed()) {
        return Sending.NOT_SENT;
      }
      message.apply(to).get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return Sending.SENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abort("interrupted while sending");
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      abort("send failed (" + name(e instanceof ExecutionException ? e.getCause() : e) + ")");
    } finally {
      sending.unlock();
    }
    return Sending.BROKEN;
  }

  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Why it closed; only after {@link #isClosed}. */
  public String why() {
    return why;
  }

  /** True if it closed within that time. */
  public boolean awaitClosed(Duration time) throws InterruptedException {
    return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** It brought what it is for: should it break, the next attempt is a first one again. */
  public void useful() {
    useful = true;
  }

  boolean wasUseful() {
    return useful;
  }

  /** Since anything was heard of the other side. */
  public Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardAt);
  }

  /**
   * @param nanoTime of {@link System#nanoTime}
   */
  public boolean heardSince(long nanoTime) {
    return heardAt - nanoTime > 0;
  }

  public void abort(String reason) {
    close(reason);
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }

  private void close(String reason) {
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      why = reason;
      closed.countDown();
    }
    listener.onClosed(this, reason);
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    /** The first message may come before {@code open} returns, and be answered at once. */
    @Override
    public void onOpen(WebSocket from) {
      socket = from;
      if (isClosed()) {
        from.abort();
      } else {
        from.request(1);
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heardAt = System.nanoTime();
      if (message.length() + data.length() > maxMessage) {
        message.setLength(0);
        close("message longer than " + maxMessage + " characters");
        from.abort();
        return null;
      }
      message.append(data);
      if (last) {
        String text = message.toString();
        message.setLength(0);
        if (!isClosed()) {
          listener.onText(WsConnection.this, text);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      heardAt = System.nanoTime();
      from.request(1); // nobody speaks binary here
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer data) {
      heardAt = System.nanoTime();
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
      heardAt = System.nanoTime();
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      close("closed by the venue (" + code + ")");
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      close("connection broke (" + name(failure) + ")");
    }
  }
}
