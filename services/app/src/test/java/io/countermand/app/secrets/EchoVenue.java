package io.countermand.app.secrets;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A venue by hand, over HTTP and WebSocket on one port, that says whatever a test wants. */
final class EchoVenue implements AutoCloseable {

  record Request(String line, List<String> headers, String body) {}

  /** Gives the whole answer, head included. */
  interface Http {
    String answer(Request request);
  }

  interface Messages {
    /** The handshake's answer if it is to be refused, else null. */
    default String refusal(Request handshake) {
      return null;
    }

    default List<String> onOpen() {
      return List.of();
    }

    List<String> onText(String text);
  }

  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Http http = request -> json(404, "", "{}");
  private volatile Messages messages = text -> List.of();

  EchoVenue() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void http(Http answers) {
    http = answers;
  }

  void messages(Messages answers) {
    messages = answers;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /**
   * @param words in the status line and in headers
   */
  static String json(int status, String words, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String header = words.isEmpty() ? "" : "X-Echo: %s\r\nLocation: %s\r\n".formatted(words, words);
    return "HTTP/1.1 %d %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, words.isEmpty() ? "X" : words, header, length, body);
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
    try (socket;
        var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
      while (true) {
        Request request = read(in);
        requests.add(request);
        String key = header(request, "sec-websocket-key");
        if (key == null) {
          write(socket, http.answer(request));
          continue;
        }
        Messages peer = messages;
        String refusal = peer.refusal(request);
        if (refusal != null) {
          write(socket, refusal);
          return;
        }
        write(
            socket,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: %s\r\n\r\n".formatted(accept(key)));
        talk(socket, in, peer);
        return;
      }
    } catch (IOException e) {
      // gone
    }
  }

  private static Request read(DataInputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    List<String> lines = List.of(head.substring(0, head.length() - 4).split("\r\n"));
    Request request = new Request(lines.getFirst(), lines.subList(1, lines.size()), "");
    String length = header(request, "content-length");
    byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
    return new Request(request.line(), request.headers(), new String(body, StandardCharsets.UTF_8));
  }

  private static String header(Request request, String name) {
    return request.headers().stream()
        .filter(each -> each.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(each -> each.substring(name.length() + 1).strip())
        .findFirst()
        .orElse(null);
  }

  private static void talk(Socket socket, DataInputStream in, Messages peer) throws IOException {
    for (String text : peer.onOpen()) {
      frame(socket, text);
    }
    while (true) {
      int opcode = in.readUnsignedByte() & 15;
      int length = in.readUnsignedByte() & 127;
      length = length == 126 ? in.readUnsignedShort() : length;
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (opcode == 8) {
        return;
      } else if (opcode == 1) {
        for (String text : peer.onText(new String(payload, StandardCharsets.UTF_8))) {
          frame(socket, text);
        }
      }
    }
  }

  /** One that begins with "close:" closes the connection with the rest as its reason. */
  private static void frame(Socket socket, String text) throws IOException {
    boolean close = text.startsWith("close:");
    byte[] words = (close ? text.substring(6) : text).getBytes(StandardCharsets.UTF_8);
    int length = close ? Math.min(words.length, 120) + 2 : words.length;
    var out = new java.io.ByteArrayOutputStream();
    out.write(0x80 | (close ? 8 : 1));
    if (length < 126) {
      out.write(length);
    } else {
      out.write(126);
      out.write(length >> 8);
      out.write(length);
    }
    if (close) {
      out.write(3000 >> 8);
      out.write(3000 & 255);
    }
    out.write(words, 0, close ? length - 2 : length);
    socket.getOutputStream().write(out.toByteArray());
    socket.getOutputStream().flush();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static String accept(String key) {
    try {
      byte[] all =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(all));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
