package io.countermand.console.access;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Tells what pages of ours ask for from what other pages do, as far as browsers tell. */
public final class OurPages {

  private OurPages() {}

  /**
   * Whether a page elsewhere led here: the browser then brings no session along, and would still
   * take it that it has ended.
   */
  public static boolean ledFromElsewhere(Context request) {
    String site = request.header("Sec-Fetch-Site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }

  /**
   * @param origin of ours beside this machine's own; null: none
   * @throws ForbiddenResponse if another page made it, or nobody says which
   */
  static void shouldHaveMade(Context request, @Nullable URI origin) {
    String site = request.header("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      throw new ForbiddenResponse("This was not sent by a page of this console.");
    }
    String told = request.header("Origin");
    if (told == null ? site == null : !ours(told, request, origin)) {
      throw new ForbiddenResponse("This was sent by a page of another origin.");
    }
  }

  private static boolean ours(String told, Context request, @Nullable URI origin) {
    if (origin != null && told.equals(origin.toString())) {
      return true;
    }
    String host = String.valueOf(request.header("Host"));
    return Hosts.loopback(host) && told.equals("http://" + host);
  }
}
