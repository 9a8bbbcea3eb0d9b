package io.countermand.venues.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** HTTP/1.1 by hand, so that a test can say every byte, and break where no server would. */
public final class TestServer implements AutoCloseable {

  /** A request as it came. */
  public record Request(String line, List<String> headers, String body) {
    public String header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(start))
          .map(h -> h.substring(start.length()).strip())
          .findFirst()
          .orElse(null);
    }
  }

  /** Answers one request on its socket; returns false to close the connection. */
  public interface Script {
    boolean answer(Request request, Socket socket) throws IOException;
  }

  private final ServerSocket server;
  private final Thread acceptor;
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch clientGone = new CountDownLatch(1);
  private volatile Script otherwise = (request, socket) -> false;

  public TestServer() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.ofVirtual().start(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** The next request gets this; later ones the scripts after it. */
  public TestServer then(Script script) {
    scripts.add(script);
    return this;
  }

  /** Every request for which there is no script. */
  public TestServer always(Script script) {
    otherwise = script;
    return this;
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Opens when a script that watches its socket sees the client close it. */
  public CountDownLatch clientGone() {
    return clientGone;
  }

  public static Script json(int status, String body, String... headers) {
    return (request, socket) -> {
      write(socket, head(status, body, "Content-Type: application/json", headers) + body);
      return true;
    };
  }

  /** These bytes, which are a whole answer; the connection stays open for the next request. */
  public static Script whole(String bytes) {
    return (request, socket) -> {
      write(socket, bytes);
      return true;
    };
  }

  /** These bytes, then the connection closes: a client that asks again at once may not know yet. */
  public static Script raw(String bytes) {
    return (request, socket) -> {
      write(socket, bytes);
      return false;
    };
  }

  /** These bytes, then nothing until the client goes. */
  public Script stall(String bytes) {
    return (request, socket) -> {
      write(socket, bytes);
      drain(socket);
      return false;
    };
  }

  /** TCP reset instead of an answer. */
  public static Script reset() {
    return (request, socket) -> {
      socket.setSoLinger(true, 0);
      return false;
    };
  }

  public void drain(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // whatever still comes
      }
    } catch (IOException e) {
      // reset by the client: gone as well
    }
    clientGone.countDown();
  }

  public static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static String head(int status, String body, String type, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n" + type + "\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Request request = read(in);
      while (request != null) {
        requests.add(request);
        Script script = scripts.poll();
        if (!(script == null ? otherwise : script).answer(request, socket)) {
          return;
        }
        request = read(in);
      }
    } catch (IOException e) {
      clientGone.countDown();
    }
  }

  private static Request read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    return request(head.toString(), in);
  }

  static Request request(String head, InputStream in) throws IOException {
    List<String> lines = List.of(head.substring(0, head.length() - 4).split("\r\n"));
    Request request = new Request(lines.getFirst(), lines.subList(1, lines.size()), "");
    String length = request.header("content-length");
    byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
    return new Request(request.line(), request.headers(), new String(body, StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      server.close();
      acceptor.join(); // the port listens until accept() has returned
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
