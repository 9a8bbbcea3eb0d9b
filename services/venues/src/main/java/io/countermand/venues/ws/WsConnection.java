package io.countermand.venues.ws;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
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

  WsConnection(int maxMessage, Listener listener) {
    this.maxMessage = maxMessage;
    this.listener = listener;
  }

  /** Told by whoever knows first: {@code onOpen}, or who waits for the handshake. */
  void opened(WebSocket to) {
    socket = to;
    if (isClosed()) {
      to.abort();
    }
  }

  WebSocket.Listener receiver() {
    return new Receiver();
  }

  static String name(@Nullable Throwable failure) {
    return failure == null ? "unknown" : failure.getClass().getSimpleName();
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
      opened(from);
      from.request(1);
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
