package io.countermand.console.access;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * What browsers keep for a console; no script sees it.
 *
 * @param secure whether it goes by TLS alone
 */
record Cookies(boolean secure) {

  /** Comes along where another site's page led here, too, if somebody sees that this is opened. */
  private static final String LAX = "Lax";

  private static final String STRICT = "Strict";

  @Nullable String get(Context request, String name) {
    return request.cookie(full(request, name));
  }

  /** Comes along with requests of pages of ours alone. */
  void set(Context request, String name, String value) {
    set(request, name, value, STRICT, "");
  }

  void setLax(Context request, String name, String value) {
    set(request, name, value, LAX, "");
  }

  void remove(Context request, String name) {
    set(request, name, "", STRICT, "; Max-Age=0");
  }

  private void set(Context request, String name, String value, String site, String more) {
    request
        .res()
        .addHeader(
            "Set-Cookie",
            full(request, name)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite="
                + site
                + (secure ? "; Secure" : "")
                + more);
  }

  /** Browsers do not tell ports apart, but there may be several consoles on one machine. */
  private String full(Context request, String name) {
    return (secure ? "__Host-countermand-" : "countermand-" + request.port() + "-") + name;
  }
}
