package io.countermand.venues.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A WebSocket server by hand (RFC 6455, unfragmented text), which can break where it likes. */
public final class TestWebSocket implements AutoCloseable {

  /** What is done with each message of the client. */
  public interface Script {
    default void open(Peer peer) throws IOException {}

    void text(Peer peer, String text) throws IOException;
  }

  /** One connected client. */
  public static final class Peer {
    private final Socket socket;
    private final DataOutputStream out;

    private Peer(Socket socket) throws IOException {
      this.socket = socket;
      this.out = new DataOutputStream(socket.getOutputStream());
    }

    public void send(String text) throws IOException {
      frame(1, text.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void frame(int opcode, byte[] payload) throws IOException {
      out.writeByte(0x80 | opcode);
      if (payload.length < 126) {
        out.writeByte(payload.length);
      } else if (payload.length < 65536) {
        out.writeByte(126);
        out.writeShort(payload.length);
      } else {
        out.writeByte(127);
        out.writeLong(payload.length);
      }
      out.write(payload);
      out.flush();
    }

    /** TCP reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private final ServerSocket server;
  private final Thread acceptor;
  private final List<String> handshakes = new CopyOnWriteArrayList<>();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final List<Peer> peers = new CopyOnWriteArrayList<>();
  private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pings = new AtomicInteger();
  private final List<TestServer.Request> requests = new CopyOnWriteArrayList<>();
  private volatile TestServer.Script http = TestServer.json(404, "", "Connection: close");
  private volatile boolean deaf;
  private volatile Script script;

  public TestWebSocket(Script script) {
    this.script = script;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = Thread.ofVirtual().start(this::accept);
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort());
  }

  public void script(Script script) {
    this.script = script;
  }

  /** For requests that are no handshakes; their answers must close the connection. */
  public void http(TestServer.Script script) {
    this.http = script;
  }

  public List<TestServer.Request> requests() {
    return List.copyOf(requests);
  }

  /** The next handshake gets this instead, such as {@code 401 Unauthorized}. */
  public void refuse(String statusAndHeaders) {
    refusals.add(statusAndHeaders);
  }

  /** From now on no ping is answered. */
  public void goDeaf() {
    deaf = true;
  }

  public List<String> handshakes() {
    return List.copyOf(handshakes);
  }

  public List<String> texts() {
    return List.copyOf(texts);
  }

  public List<Peer> peers() {
    return List.copyOf(peers);
  }

  public int pings() {
    return pings.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      if (!head.toString().toLowerCase(Locale.ROOT).contains("upgrade: websocket")) {
        TestServer.Request request = TestServer.request(head.toString(), in);
        requests.add(request);
        http.answer(request, socket);
        return;
      }
      handshakes.add(head.toString());
      String refusal = refusals.poll();
      if (refusal != null) {
        TestServer.write(socket, "HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      TestServer.write(
          socket,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accept(key(head.toString()))
              + "\r\n\r\n");
      Peer peer = new Peer(socket);
      peers.add(peer);
      script.open(peer);
      read(in, peer);
    } catch (IOException e) {
      // gone
    }
  }

  private void read(DataInputStream in, Peer peer) throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 15;
      int length = in.readUnsignedByte() & 127;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (opcode == 8) {
        return;
      } else if (opcode == 9) {
        pings.incrementAndGet();
        if (!deaf) {
          peer.frame(10, payload);
        }
      } else if (opcode == 1) {
        String text = new String(payload, StandardCharsets.UTF_8);
        texts.add(text);
        script.text(peer, text);
      }
    }
  }

  private static String key(String head) {
    return List.of(head.split("\r\n")).stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
        .map(line -> line.substring(18).strip())
        .findFirst()
        .orElseThrow();
  }

  private static String accept(String key) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest(
                      (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                          .getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      acceptor.join(); // the port listens until accept() has returned
      for (Peer peer : peers) {
        peer.socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
