package io.countermand.door;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events, each on its way at once. Also to who names no {@code Accept} for them, as
 * {@code curl -N}. One thread.
 */
final class EventWriter {

  private final OutputStream out;

  EventWriter(HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Accel-Buffering", "no"); // a proxy must not wait for more
    response.flushBuffer();
    this.out = response.getOutputStream();
  }

  /**
   * @param data one line
   * @throws IOException if nobody listens any more
   */
  void event(String name, String data, String id) throws IOException {
    write("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n");
  }

  /** As {@link #event}, without a place to go on from. */
  void event(String name, String data) throws IOException {
    write("event: " + name + "\ndata: " + data + "\n\n");
  }

  /**
   * Shows whether anybody still listens, and is no event; but who connects again goes on behind it.
   */
  void comment(String text, String id) throws IOException {
    write("id: " + id + "\n: " + text + "\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
