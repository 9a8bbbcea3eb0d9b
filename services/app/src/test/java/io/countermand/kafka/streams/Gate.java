package io.countermand.kafka.streams;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a broker on this machine. While it is shut, requests are swallowed. The broker's
 * answers name its own port; the gate's is put in its place, so that clients stay before it.
 */
final class Gate implements Closeable {

  private final ServerSocket server;
  private final String host;
  private final int port;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger swallowed = new AtomicInteger();
  private volatile boolean shut;

  /**
   * @param broker host and port, as it names itself
   */
  Gate(String broker) throws IOException {
    int colon = broker.lastIndexOf(':');
    this.host = broker.substring(0, colon);
    this.port = Integer.parseInt(broker.substring(colon + 1));
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return host + ":" + server.getLocalPort();
  }

  void shut() {
    shut = true;
  }

  void open() {
    shut = false;
  }

  /** Requests while it was shut. */
  int swallowed() {
    return swallowed.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket broker = new Socket(host, port);
        open.add(client);
        open.add(broker);
        Thread.ofVirtual().start(() -> pass(client, broker, true));
        Thread.ofVirtual().start(() -> pass(broker, client, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket to, boolean requests) {
    try (from;
        to) {
      var in = new DataInputStream(from.getInputStream());
      var out = new DataOutputStream(to.getOutputStream());
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        if (requests && shut) {
          swallowed.incrementAndGet();
          continue;
        }
        if (!requests) {
          rename(frame);
        }
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
      }
    } catch (IOException e) {
      // one side is gone, so is the other now
    }
  }

  /** In Kafka's answers a host's name is followed by its port. */
  private void rename(byte[] frame) {
    byte[] name = host.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + name.length + Integer.BYTES <= frame.length; i++) {
      if (Arrays.equals(frame, i, i + name.length, name, 0, name.length)) {
        ByteBuffer its = ByteBuffer.wrap(frame, i + name.length, Integer.BYTES);
        if (its.getInt(its.position()) == port) {
          its.putInt(server.getLocalPort());
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
  }
}
