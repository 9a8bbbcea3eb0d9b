package io.countermand.console;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * What every answer carries, and who is answered: nobody signs in yet, so the console is for this
 * machine alone. A page elsewhere that has its own name point here is not answered, either.
 */
final class Shield {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private Shield() {}

  /**
   * @throws IllegalStateException that says why it does not listen there
   */
  static void shouldBeThisMachine(String host) {
    if (!loopback(host)) {
      throw new IllegalStateException(
          "console.host is "
              + host
              + ", which others can reach, and nobody can sign in to the console yet: set it to"
              + " 127.0.0.1, and reach it from elsewhere by an SSH tunnel (ssh -L)");
    }
  }

  private static boolean loopback(String host) {
    try {
      for (InetAddress each : InetAddress.getAllByName(host)) {
        if (!each.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static void before(Context request) {
    request.header("Content-Security-Policy", POLICY);
    request.header("X-Content-Type-Options", "nosniff");
    request.header("X-Frame-Options", "DENY");
    request.header("Referrer-Policy", "no-referrer");
    request.header("Cross-Origin-Opener-Policy", "same-origin");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    request.header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    request.header("Cache-Control", "no-store");
    if (!ours(String.valueOf(request.header("Host")))) {
      throw new ForbiddenResponse("the console answers to localhost and 127.0.0.1 only");
    }
  }

  /** By the name that the browser was given. */
  private static boolean ours(String header) {
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
