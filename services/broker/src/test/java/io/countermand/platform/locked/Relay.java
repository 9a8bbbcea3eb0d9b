package io.countermand.platform.locked;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/** Stands between a client and a server of this machine, and passes on what each says. */
final class Relay implements AutoCloseable {

  private final ServerSocket server;
  private final SocketFactory target;
  private final int targetPort;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  /**
   * @param address of the loopback interface
   * @param listens with TLS of its own, or without
   * @param target the same of the way to the server
   */
  Relay(String address, ServerSocketFactory listens, SocketFactory target, int targetPort)
      throws IOException {
    this.server = listens.createServerSocket(0, 50, InetAddress.getByName(address));
    this.target = target;
    this.targetPort = targetPort;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket to = target.createSocket("127.0.0.1", targetPort);
        open.add(client);
        open.add(to);
        Thread.ofVirtual().start(() -> pass(client, to));
        Thread.ofVirtual().start(() -> pass(to, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them has gone, and so does the other
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
