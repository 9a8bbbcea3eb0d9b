package io.countermand.console.access;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * What every answer carries, and by which names the console is asked: where nobody signs in, by
 * those of this machine alone. A page elsewhere that has its own name point here is not answered.
 *
 * @param authority host and port of the origin that it has beside them; null: none
 */
public record Shield(@Nullable String authority) {

  private static final String PASSED = "countermand.host";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /**
   * @throws IllegalStateException that says why it does not listen there
   */
  public static Shield of(String host, @Nullable AccessSettings access) {
    if (!loopback(host) && (access == null || !access.secure())) {
      throw new IllegalStateException(
          "console.host is "
              + host
              + ", which others can reach, and "
              + (access == null
                  ? "nobody has to sign in (console.users, console.oidc)"
                  : "passwords would come in the clear (console.origin is not https://…)")
              + ": have people sign in, and set console.origin with a TLS proxy before it, or set it"
              + " to 127.0.0.1 and reach it from elsewhere by an SSH tunnel (ssh -L)");
    }
    URI origin = access == null ? null : access.origin();
    if (origin != null
        && !"https".equals(origin.getScheme())
        && !Hosts.loopback(origin.getAuthority())) {
      throw new IllegalStateException(
          "console.origin is "
              + origin
              + ": passwords would come in the clear; put a proxy before it that speaks TLS, and"
              + " name it by https://");
    }
    return new Shield(origin == null ? null : origin.getAuthority());
  }

  /** Whether the request names a host of ours; only such a one may see anything. */
  public static boolean passed(Context request) {
    return request.attribute(PASSED) != null;
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

  public void before(Context request) {
    request.header("Content-Security-Policy", POLICY);
    request.header("X-Content-Type-Options", "nosniff");
    request.header("X-Frame-Options", "DENY");
    // Not no-referrer: a form's post would name no origin then.
    request.header("Referrer-Policy", "same-origin");
    request.header("Cross-Origin-Opener-Policy", "same-origin");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    request.header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    request.header("Cache-Control", "no-store");
    String host = String.valueOf(request.header("Host"));
    if (!Hosts.loopback(host) && !host.equalsIgnoreCase(authority)) {
      throw new ForbiddenResponse("the console answers to localhost and 127.0.0.1 only");
    }
    request.attribute(PASSED, true);
  }
}
