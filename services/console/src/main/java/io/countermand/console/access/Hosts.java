package io.countermand.console.access;

import java.util.Locale;

/** Names by which this machine calls itself. */
final class Hosts {

  private Hosts() {}

  /**
   * Whether a browser was told such a name.
   *
   * @param header of the request, with or without a port
   */
  static boolean loopback(String header) {
    String host = header.toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      host = host.substring(0, colon);
    }
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
