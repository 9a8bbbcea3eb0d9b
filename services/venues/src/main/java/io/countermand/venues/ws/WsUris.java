package io.countermand.venues.ws;

import java.net.URI;

/** WebSocket addresses beside HTTP ones. */
public final class WsUris {

  private WsUris() {}

  /** {@code http} becomes {@code ws}, {@code https} becomes {@code wss}; the path is appended. */
  public static URI of(URI base, String path) {
    String url = base.toString();
    String plain = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    return URI.create((plain.startsWith("http") ? "ws" + plain.substring(4) : plain) + path);
  }
}
