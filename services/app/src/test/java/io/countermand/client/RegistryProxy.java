package io.countermand.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** The way to a registry, which can be cut: what comes is passed on, dropped, or left waiting. */
final class RegistryProxy implements AutoCloseable {

  private enum Mode {
    ANSWER,
    REFUSE,
    HANG
  }

  private final URI target;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile Mode mode = Mode.ANSWER;

  RegistryProxy(URI target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + target.getPath();
  }

  void answer() {
    set(Mode.ANSWER);
  }

  /** Closes each connection at once. */
  void refuse() {
    set(Mode.REFUSE);
  }

  /** Takes each connection and says nothing. */
  void hang() {
    set(Mode.HANG);
  }

  private void set(Mode next) {
    mode = next;
    open.forEach(RegistryProxy::drop);
  }

  void awaitRefused(int times) {
    int before = refused.get();
    Awaitility.await("refused")
        .atMost(Duration.ofSeconds(60))
        .until(() -> refused.get() >= before + times);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket caller = server.accept();
        open.add(caller);
        switch (mode) {
          case ANSWER -> pass(caller);
          case REFUSE -> {
            refused.incrementAndGet();
            drop(caller);
          }
          case HANG -> {}
        }
      } catch (IOException e) {
        // closed, or the registry is away itself
      }
    }
  }

  private void pass(Socket caller) throws IOException {
    Socket registry = new Socket();
    registry.connect(new InetSocketAddress(target.getHost(), target.getPort()), 5_000);
    open.add(registry);
    Thread.ofVirtual().start(() -> copy(caller, registry));
    Thread.ofVirtual().start(() -> copy(registry, caller));
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // either side has closed
    }
    open.remove(from);
    open.remove(to);
  }

  private static void drop(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(RegistryProxy::drop);
  }
}
