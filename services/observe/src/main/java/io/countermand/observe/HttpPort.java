package io.countermand.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.countermand.observe.OpsPages.Page;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JDK's own HTTP server, a virtual thread per exchange; GET and HEAD only. */
final class HttpPort implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

  static {
    // Seconds; read once by the server's class. Without them a client may hold an exchange for
    // ever.
    if (System.getProperty("sun.net.httpserver.maxReqTime") == null) {
      System.setProperty("sun.net.httpserver.maxReqTime", "10");
      System.setProperty("sun.net.httpserver.maxRspTime", "30");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads;

  private HttpPort(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * @param port 0: a free one
   * @throws IllegalStateException if it cannot be opened
   */
  static HttpPort open(String host, int port, OpsPages pages) {
    var address = new InetSocketAddress(host, port);
    try {
      HttpServer server = HttpServer.create(address, 0);
      ExecutorService threads =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ops").factory());
      server.setExecutor(threads);
      server.createContext("/", exchange -> answer(exchange, pages));
      server.start();
      return new HttpPort(server, threads);
    } catch (IOException e) {
      throw new IllegalStateException(
          "http.host " + host + " with http.port " + port + " cannot be opened: " + e.getMessage(),
          e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, OpsPages pages) throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (!head && !exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      Page page = pages.get(exchange.getRequestURI().getPath());
      byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.type());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(page.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("health or metrics could not be answered");
      throw e;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
