package io.countermand.simulator.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** Jetty, each request on a virtual thread. */
public final class HttpServer implements AutoCloseable {

  private static final int IDLE_MILLIS = 300_000;

  private static final int MAX_MESSAGE = 1 << 20;

  private final Server server;
  private final ServerConnector connector;

  public HttpServer(String host, int port, HttpFront front) {
    var threads = new QueuedThreadPool(8, 4);
    threads.setName("simulator");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("venue-", 0).factory()));
    server = new Server(threads);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // The front sends the venue's own time.
    http.setSendDateHeader(false);
    // An id may hold anything, percent-encoded.
    http.setUriCompliance(UriCompliance.UNSAFE);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(1024);
    server.addConnector(connector);
    var sockets = ServerWebSocketContainer.ensure(server);
    sockets.setMaxTextMessageSize(MAX_MESSAGE);
    sockets.setIdleTimeout(Duration.ofMillis(IDLE_MILLIS));
    front.upgradeWith(sockets);
    server.setHandler(front);
    server.setStopTimeout(0);
  }

  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the simulator's server did not start", e);
    }
  }

  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the simulator's server did not stop", e);
    }
  }
}
