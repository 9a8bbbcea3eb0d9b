package io.countermand.simulator.server;

import io.countermand.simulator.fault.AnswerToSend;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.Garbling;
import io.countermand.simulator.venue.Timer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** Sends answers over one WebSocket, or fails to in the scripted way. Thread-safe. */
final class SocketTransport {

  private static final Duration KEPT_AT_MOST = Duration.ofMillis(200);

  /** How long a message that stalls holds up all others, if the client does not end it. */
  private static final Duration STALLED_AT_MOST = Duration.ofSeconds(10);

  private final Session session;
  private final Timer timer;
  private @Nullable String kept;

  SocketTransport(Session session, Timer timer) {
    this.session = session;
    this.timer = timer;
  }

  Session session() {
    return session;
  }

  /**
   * @param text the answer as it goes over this socket
   */
  void carry(AnswerToSend served, String text) {
    switch (served.fault()) {
      case null -> send(text);
      case Fault.Reset reset -> session.disconnect();
      case Fault.NoAnswer none -> {}
      case Fault.Twice twice -> {
        send(text);
        send(text);
      }
      case Fault.Overtaken overtaken -> keep(text);
      case Fault.Garbled(Garbling how) when how == Garbling.CUT -> {
        half(text);
        session.disconnect();
      }
      case Fault.Garbled(Garbling how) when how == Garbling.STALLED -> {
        half(text);
        timer.after(STALLED_AT_MOST, session::disconnect);
      }
      case Fault.Garbled(Garbling how) when how == Garbling.ENDLESS -> endless();
      default -> send(text);
    }
  }

  synchronized void send(String text) {
    session.sendText(text, Callback.NOOP);
    if (kept != null) {
      session.sendText(kept, Callback.NOOP);
      kept = null;
    }
  }

  /** Sends it after the next answer, or when none comes. */
  private synchronized void keep(String text) {
    if (kept != null) {
      send(text);
      return;
    }
    kept = text;
    timer.after(KEPT_AT_MOST, () -> release(text));
  }

  private synchronized void release(String text) {
    if (text.equals(kept)) {
      kept = null;
      session.sendText(text, Callback.NOOP);
    }
  }

  private void half(String text) {
    part(text.substring(0, text.length() / 2));
  }

  private void endless() {
    part("{\"pad\":\"");
    var more = "a".repeat(16_384);
    while (session.isOpen() && timer.pause(Duration.ofMillis(2))) {
      part(more);
    }
  }

  /** A fragment of a message that never ends; waits until it is written. */
  private void part(String text) {
    var written = new CountDownLatch(1);
    session.sendPartialText(
        text, false, Callback.from(written::countDown, failure -> written.countDown()));
    try {
      if (!written.await(10, TimeUnit.SECONDS)) {
        session.disconnect();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
