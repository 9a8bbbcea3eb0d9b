package io.countermand.platform;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/** Asks once whether somebody is there; never waits long. */
final class ReachabilityProbe {

  private static final int TIMEOUT_MS = 1_000;

  private ReachabilityProbe() {}

  /** True when the port takes connections. */
  static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Ports.loopback(), port), TIMEOUT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * True when a GET is answered with 200.
   *
   * @param lock to be opened; null: there is none
   */
  static boolean ok(URI uri, @Nullable RegistryLock lock) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS * 5);
      if (lock != null && connection instanceof HttpsURLConnection tls) {
        tls.setSSLSocketFactory(lock.tls().sockets());
        tls.setRequestProperty("Authorization", lock.authorization());
      }
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
