package io.countermand.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports. */
final class Ports {

  // Below the range from which Linux and macOS take ports of outgoing connections: a client that
  // dials a killed broker's port could otherwise be given that very port, and block its restart.
  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;

  // Once each, so that two who are about to listen are not given the same.
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** A port that nobody listens on now, and that this process has not been given before. */
  static int free() {
    for (int attempt = 0; attempt < 200; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new PlatformException("Found no free port between " + FIRST + " and " + LAST + ".");
  }

  /**
   * The given port, or a free one for 0.
   *
   * @param what who wants it, for the message
   */
  static int check(int port, String what) {
    if (port == 0) {
      return free();
    }
    if (port < 0 || port > 65_535) {
      throw new PlatformException(what + " port " + port + " is not between 0 and 65535.");
    }
    if (!isFree(port)) {
      throw new PlatformException(
          what + " port " + port + " is taken: stop what listens there, or give another port.");
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(loopback(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
    } catch (IOException e) {
      throw new PlatformException("No IPv4 loopback address.", e);
    }
  }
}
